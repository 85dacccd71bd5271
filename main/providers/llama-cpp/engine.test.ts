import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEngine } from './engine.ts';

function find(installed: readonly string[], platform: string, cpu: string, release: string | null = '{ "release": "b1234" }') {
  const files = new Set(installed.map((name) => path.resolve('/app/node_modules', name, 'package.json')));
  return findEngine('/app/dist/main/child.js', { platform, cpu, readText: (file) => (file.endsWith('binariesGithubRelease.json') ? release : files.has(file) ? '{ "name": "x", "version": "1.2.3" }' : null) });
}

describe('findEngine', () => {
  it('tells what is missing', () => {
    expect(find([], 'linux', 'x64')).toEqual({ version: null, missing: 'the package node-llama-cpp is not installed' });
    expect(find(['node-llama-cpp'], 'linux', 'x64')).toEqual({ version: 'b1234', missing: 'its build for this platform (@node-llama-cpp/linux-x64) is not installed' });
    expect(find(['node-llama-cpp'], 'freebsd', 'x64')).toEqual({ version: 'b1234', missing: 'node-llama-cpp has no build for freebsd on x64' });
    expect(find(['node-llama-cpp', '@node-llama-cpp/linux-x64'], 'linux', 'x64')).toEqual({ version: 'b1234', missing: null });
    expect(find(['node-llama-cpp', '@node-llama-cpp/linux-x64'], 'darwin', 'arm64').missing).toContain('mac-arm64-metal');
    expect(find(['node-llama-cpp', 'node-llama-cpp/node_modules/@node-llama-cpp/mac-x64'], 'darwin', 'x64').missing).toBeNull();
  });

  it('knows no version where the release is not told, rather than that of the binding', () => {
    for (const release of [null, '', 'no JSON', 'null', '{}', '{ "release": 4 }']) expect(find(['node-llama-cpp', '@node-llama-cpp/linux-x64'], 'linux', 'x64', release)).toEqual({ version: null, missing: null });
  });

  it('finds the real one, with the release of llama.cpp', () => {
    const release = path.resolve('node_modules/node-llama-cpp/llama/binariesGithubRelease.json');
    expect(findEngine(import.meta.filename)).toEqual({ version: (JSON.parse(readFileSync(release, 'utf8')) as { release: string }).release, missing: null });
  });
});
