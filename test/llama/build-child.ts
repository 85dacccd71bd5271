import { mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

export interface BuiltChild {
  entry: string;
  remove(): Promise<void>;
}

/** Bundles the child process's entry as the app's build does: Node 20 cannot run TypeScript, and a child cannot run under vitest. */
export async function buildChild(): Promise<BuiltChild> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'airdock-child-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: true,
      target: 'node20',
      outDir: path.join(dir, 'dist'),
      minify: false,
      rollupOptions: {
        input: path.join(root, 'main/providers/llama-cpp/child.ts'),
        external: [/^node:/, /^node-llama-cpp/],
        output: { entryFileNames: 'llama-child.mjs' },
      },
    },
    ssr: { noExternal: true },
  });
  await symlink(path.join(root, 'node_modules'), path.join(dir, 'node_modules'), 'junction');
  return { entry: path.join(dir, 'dist', 'llama-child.mjs'), remove: () => rm(dir, { recursive: true, force: true }) };
}
