import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';

export interface Bundle {
  /** An ES module that plain Node can run or import. */
  file: string;
  remove(): Promise<void>;
}

/** Bundles one TypeScript file of the project, so that a test can run it in a Node process of its own (Node 20 does not strip types). `inline` takes its packages in as well. */
export async function bundleForNode(entry: string, options: { inline?: boolean } = {}): Promise<Bundle> {
  const outDir = await mkdtemp(path.join(os.tmpdir(), 'airdock-bundle-'));
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    // The bundle lies outside the project, where packages are not found.
    ssr: { noExternal: options.inline === true ? true : [] },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { input: entry, external: [/^node:/, /^systeminformation/], output: { entryFileNames: 'bundle.mjs' } },
    },
  });
  return { file: path.join(outDir, 'bundle.mjs'), remove: () => rm(outDir, { recursive: true, force: true }) };
}
