import { describe, expect, it } from 'vitest';
import { clientOf } from './client-name.ts';

const of = (agent: string, more: Record<string, string> = {}): string => {
  const { name, kind } = clientOf({ 'user-agent': agent, ...more });
  return `${name} / ${kind}`;
};

describe('who asks', () => {
  it('by the User-Agents that common clients send', () => {
    expect(of('OpenAI/Python 1.51.0')).toBe('OpenAI-Python / openai-python');
    expect(of('OpenAI/JS 6.30.1')).toBe('OpenAI-JS / openai-js');
    expect(of('ollama-python/0.4.8 (x86_64 linux) Python/3.12.3')).toBe('ollama-python / ollama-python');
    expect(of('ollama/0.33.0 (amd64 linux) Go/go1.24.0')).toBe('ollama / ollama');
    expect(of('Python/3.11 aiohttp/3.10.8')).toBe('Python / python');
    expect(of('curl/8.5.0')).toBe('curl / curl');
    expect(of('node')).toBe('node / node');
    expect(of('MyTool')).toBe('MyTool / other');
    expect(of('My Chat App/2.1 (linux)')).toBe('My Chat App / other');
  });

  it('never as a person: nobody clicked because a header says so', () => {
    expect(of('x/1', { 'x-airdock-caller': 'tray' })).toBe('a program called tray / other');
    expect(of('dashboard/1.0')).toBe('a program called dashboard / other');
  });

  it('a page by its origin, and whoever says its name by that', () => {
    expect(of('Mozilla/5.0 (X11)', { origin: 'http://127.0.0.1:3000' })).toBe('127.0.0.1:3000 / browser');
    expect(of('Mozilla/5.0 (X11)')).toBe('a web page / browser');
    expect(of('Python/3.11', { 'x-airdock-caller': 'Open-WebUI' })).toBe('Open-WebUI / open-webui');
    expect(clientOf({})).toEqual({ name: 'a program', kind: 'other' });
  });

  it('printable and short, whatever is sent', () => {
    const { name } = clientOf({ 'x-airdock-caller': `\u001b[31mé${'x'.repeat(500)}` });
    expect(name).toMatch(/^[\x20-\x7e]{1,60}$/);
    expect(clientOf({ 'x-airdock-caller': '\u0007 ' }).name).toBe('a program');
  });
});
