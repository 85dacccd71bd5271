import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What is known of the llama.cpp build without loading any of it. */
export interface EngineFiles {
  /** Release of llama.cpp that the build was made of; null where that cannot be told. */
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

export interface EngineSearch {
  platform: string;
  cpu: string;
  /** Text of a file; null where there is none. */
  readText(file: string): string | null;
}

const here: EngineSearch = { platform: process.platform, cpu: process.arch, readText };

/** Looks for node-llama-cpp and its build for this platform, as an import from `from` would: a few file lookups, no native code. */
export function findEngine(from: string, { platform, cpu, readText: read }: EngineSearch = here): EngineFiles {
  const library = findPackage(from, 'node-llama-cpp', read);
  if (library === null) return { version: null, missing: 'the package node-llama-cpp is not installed' };
  const compiledHere = existsSync(path.join(library, 'llama', 'localBuilds'));
  // What somebody has compiled may be of any release.
  const version = compiledHere ? null : textField(read(path.join(library, 'llama', 'binariesGithubRelease.json')), 'release');
  const build = builds[`${platform}-${cpu}`];
  if (build === undefined) return { version, missing: `node-llama-cpp has no build for ${platform} on ${cpu}` };
  if (!compiledHere && findPackage(path.join(library, 'package.json'), `@node-llama-cpp/${build}`, read) === null) {
    return { version, missing: `its build for this platform (@node-llama-cpp/${build}) is not installed` };
  }
  return { version, missing: null };
}

/** Its folder, found upwards from a file by the manifest itself, which packages need not export. */
function findPackage(from: string, name: string, read: EngineSearch['readText']): string | null {
  for (let at = path.dirname(path.resolve(from)); ; at = path.dirname(at)) {
    const directory = path.join(at, 'node_modules', name);
    if (read(path.join(directory, 'package.json')) !== null) return directory;
    if (at === path.dirname(at)) return null;
  }
}

/** A text of a JSON object; null where there is none. */
function textField(json: string | null, field: string): string | null {
  try {
    const value: unknown = (JSON.parse(json ?? 'null') as Record<string, unknown> | null)?.[field];
    return typeof value === 'string' && value !== '' ? value : null;
  } catch {
    return null;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
