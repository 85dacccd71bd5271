import { describe, expect, it } from 'vitest';
import { resolveHost } from './host.ts';

describe('resolveHost', () => {
  it.each([
    ['', 'http://127.0.0.1:11434', true],
    ['127.0.0.1', 'http://127.0.0.1:11434', true],
    ['127.0.0.1:12424', 'http://127.0.0.1:12424', true],
    [':5000', 'http://127.0.0.1:5000', true],
    ['0.0.0.0', 'http://127.0.0.1:11434', true],
    ['0.0.0.0:8080', 'http://127.0.0.1:8080', true],
    ['http://0.0.0.0', 'http://127.0.0.1:80', true],
    ['localhost', 'http://127.0.0.1:11434', true],
    ['[::1]', 'http://[::1]:11434', true],
    ['::', 'http://[::1]:11434', true],
    ['[::]:9000', 'http://[::1]:9000', true],
    ['"192.168.1.5"', 'http://192.168.1.5:11434', false],
    ["  'box.local:1234' ", 'http://box.local:1234', false],
    ['https://ai.example', 'https://ai.example:443', false],
    ['http://ai.example', 'http://ai.example:80', false],
    ['https://ai.example:8443/ollama/', 'https://ai.example:8443/ollama', false],
    ['box:99999', 'http://box:11434', false],
    ['box:abc', 'http://box:11434', false],
    ['fe80::1', 'http://[fe80::1]:11434', false],
  ])('%s → %s', (value, url, loopback) => {
    expect(resolveHost(null, { OLLAMA_HOST: value })).toMatchObject({ url, loopback });
  });

  it('prefers the configured host, and keeps no password', () => {
    const host = resolveHost('http://me:secret@box:7000', { OLLAMA_HOST: 'elsewhere' });
    expect(host.url).toBe('http://box:7000');
    expect(JSON.stringify(host)).not.toContain('secret');
  });

  it('has a default without any setting', () => {
    expect(resolveHost(null, {})).toMatchObject({ hostname: '127.0.0.1', port: 11434, prefix: '' });
  });
});
