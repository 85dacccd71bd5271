import { builtinModules } from 'node:module';
import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** `vite build` makes the dashboard, `vite build --mode main` everything that runs in Node or in Electron's main process, `--mode preload` the bridge, `--mode bench` the benchmarks. */
export default defineConfig(({ mode }) => {
  if (mode === 'preload') {
    return {
      root,
      publicDir: false,
      build: {
        // A sandboxed preload is one CommonJS file that requires nothing but electron.
        target: 'chrome140',
        outDir: 'dist/preload',
        emptyOutDir: true,
        minify: false,
        lib: { entry: path.join(root, 'preload/index.ts'), formats: ['cjs'], fileName: () => 'index.cjs' },
        rollupOptions: { external: ['electron'] },
      },
    };
  }
  if (mode === 'main' || mode === 'bench') {
    const main = {
      index: 'main/index.ts',
      headless: 'main/headless.ts',
      cli: 'main/cli/index.ts',
      api: 'main/api.ts',
      contract: 'contract/index.ts',
      demo: 'main/demo.ts',
      'llama-child': 'main/providers/llama-cpp/child.ts',
    };
    const bench = { bench: 'bench/index.ts', 'bare-llama': 'bench/bare-llama.ts', 'barest-pipe': 'bench/barest-pipe.ts', 'gateway-backend': 'bench/gateway-backend.ts', simulate: 'bench/simulate/index.ts', 'simulate-core': 'test/simulation/cli.ts' };
    const entries = mode === 'main' ? main : bench;
    return {
      root,
      publicDir: false,
      build: {
        ssr: true,
        target: 'node20',
        outDir: mode === 'main' ? 'dist/main' : 'dist/bench',
        emptyOutDir: true,
        sourcemap: true,
        minify: false,
        rollupOptions: {
          input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(root, file)])),
          // Dependencies stay outside: node-llama-cpp is native, and the rest is installed beside the package anyway.
          external: [/^node:/, ...builtinModules, 'electron', /^electron-/, /^node-llama-cpp/, /^systeminformation/, /^ollama/],
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
      ssr: { noExternal: ['zod', 'jsonc-parser'] },
    };
  }
  return {
    root: path.join(root, 'renderer'),
    base: './',
    publicDir: path.join(root, 'assets/web'),
    plugins: [react(), tailwindcss()],
    build: { outDir: path.join(root, 'dist/renderer'), emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  };
});
