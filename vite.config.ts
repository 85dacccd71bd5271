import { builtinModules } from 'node:module';
import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** `vite build` makes the dashboard, `vite build --mode main` everything that runs in Node, `--mode bench` the benchmarks. */
export default defineConfig(({ mode }) => {
  if (mode === 'main' || mode === 'bench') {
    const main = {
      headless: 'main/headless.ts',
      api: 'main/api.ts',
      contract: 'contract/index.ts',
      demo: 'main/demo.ts',
      'llama-child': 'main/providers/llama-cpp/child.ts',
    };
    const bench = { bench: 'bench/index.ts', 'bare-llama': 'bench/bare-llama.ts', 'simulate-core': 'test/simulation/cli.ts' };
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
          external: [/^node:/, ...builtinModules, /^node-llama-cpp/, /^systeminformation/, /^ollama/],
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
