import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What is known of the llama.cpp build without loading any of it. */
export interface EngineFiles {
  /** Version of node-llama-cpp; null where it is not installed. */
  version: string | null;
  /** Why it cannot run here; null: it should. Whether it does, only a child can tell. */
  missing: string | null;
}

/** Packages with a CPU build, as node-llama-cpp 3.21 names them. */
const builds: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-armv7l',
  'linux-riscv64': 'linux-riscv64',
  'darwin-x64': 'mac-x64',
  'darwin-arm64': 'mac-arm64-metal',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

/** Looks for node-llama-cpp and its build for this platform: a few file lookups, no native code. */
export function findEngine(from: string, platform: string = process.platform, cpu: string = process.arch): EngineFiles {
  const home = packageDirectory(from, 'node-llama-cpp');
  if (home === null) return { version: null, missing: 'the package node-llama-cpp is not installed' };
  const version = readVersion(home);
  const build = builds[`${platform}-${cpu}`];
  if (build === undefined) return { version, missing: `node-llama-cpp has no build for ${platform} on ${cpu}` };
  const compiled = existsSync(path.join(home, 'llama', 'localBuilds'));
  if (packageDirectory(path.join(home, 'package.json'), `@node-llama-cpp/${build}`) === null && !compiled) {
    return { version, missing: `its build for this platform (@node-llama-cpp/${build}) is not installed` };
  }
  return { version, missing: null };
}

/** Like Node's own search, but for the folder: packages need not export their package.json. */
function packageDirectory(from: string, name: string): string | null {
  for (const modules of createRequire(from).resolve.paths(name) ?? []) {
    const directory = path.join(modules, name);
    if (existsSync(path.join(directory, 'package.json'))) return directory;
  }
  return null;
}

function readVersion(home: string): string | null {
  const manifest: unknown = createRequire(path.join(home, 'package.json'))('./package.json');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string' ? manifest.version : null;
}
