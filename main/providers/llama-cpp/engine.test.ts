import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEngine } from './engine.ts';

function find(installed: readonly string[], platform: string, cpu: string) {
  const files = new Set(installed.map((name) => path.resolve('/app/node_modules', name, 'package.json')));
  return findEngine('/app/dist/main/child.js', { platform, cpu, readText: (file) => (files.has(file) ? '{ "name": "x", "version": "1.2.3" }' : null) });
}

describe('findEngine', () => {
  it('tells what is missing', () => {
    expect(find([], 'linux', 'x64')).toEqual({ version: null, missing: 'the package node-llama-cpp is not installed' });
    expect(find(['node-llama-cpp'], 'linux', 'x64')).toEqual({ version: '1.2.3', missing: 'its build for this platform (@node-llama-cpp/linux-x64) is not installed' });
    expect(find(['node-llama-cpp'], 'freebsd', 'x64')).toEqual({ version: '1.2.3', missing: 'node-llama-cpp has no build for freebsd on x64' });
    expect(find(['node-llama-cpp', '@node-llama-cpp/linux-x64'], 'linux', 'x64')).toEqual({ version: '1.2.3', missing: null });
    expect(find(['node-llama-cpp', '@node-llama-cpp/linux-x64'], 'darwin', 'arm64').missing).toContain('mac-arm64-metal');
    expect(find(['node-llama-cpp', 'node-llama-cpp/node_modules/@node-llama-cpp/mac-x64'], 'darwin', 'x64').missing).toBeNull();
  });

  it('finds the real one', () => {
    expect(findEngine(import.meta.filename)).toEqual({ version: expect.stringMatching(/^3\./), missing: null });
  });
});
