// Builds what is missing or older than its sources: the dashboard, everything that runs in Node, and the types.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const parts = {
  renderer: { made: 'dist/renderer/index.html', from: ['renderer', 'assets', 'contract', 'vite.config.ts', 'package-lock.json'], run: ['vite', 'build', '--logLevel', 'warn'] },
  main: { made: 'dist/main/headless.js', from: ['main', 'contract', 'vite.config.ts', 'package-lock.json'], run: ['vite', 'build', '--mode', 'main', '--logLevel', 'warn'], program: 'dist/main/cli.js' },
  preload: { made: 'dist/preload/index.cjs', from: ['preload', 'contract', 'vite.config.ts', 'package-lock.json'], run: ['vite', 'build', '--mode', 'preload', '--logLevel', 'warn'] },
  types: { made: 'dist/types/main/api.d.ts', from: ['main', 'contract', 'tsconfig.types.json'], run: ['typescript', '-p', 'tsconfig.types.json'] },
  bench: { made: 'dist/bench/bench.js', from: ['bench', 'main', 'contract', 'test/simulation', 'test/fakes/ollama', 'vite.config.ts'], run: ['vite', 'build', '--mode', 'bench', '--logLevel', 'warn'] },
};

const bins = { vite: 'vite/bin/vite.js', typescript: 'typescript/bin/tsc' };

/** The newest change below a path, ms. */
function newest(file) {
  const full = path.join(root, file);
  if (!existsSync(full)) return 0;
  const info = statSync(full);
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(full).filter((name) => name !== 'node_modules').map((name) => newest(path.join(file, name))));
}

function isFresh({ made, from }) {
  const full = path.join(root, made);
  return existsSync(full) && statSync(full).mtimeMs >= Math.max(...from.map(newest));
}

/** Builds the named parts where they are not up to date; ends the process where that fails. */
export function build(names, { force = false } = {}) {
  for (const name of names) {
    const part = parts[name];
    if (!force && isFresh(part)) continue;
    const tool = path.join(root, 'node_modules', bins[part.run[0]]);
    if (!existsSync(tool)) {
      console.error('Airdock is not built, and what builds it is not installed. Run "npm ci" first.');
      process.exit(1);
    }
    console.log(`Building ${name} …`);
    const { status } = spawnSync(process.execPath, [tool, ...part.run.slice(1)], { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
    // What package.json names as a command has to be executable where nobody installs it ("npx airdock" here, a link in ~/bin).
    if (part.program) chmodSync(path.join(root, part.program), 0o755);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) build(['renderer', 'main', 'preload', 'types'], { force: process.argv.includes('--force') });
