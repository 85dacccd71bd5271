import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { writeCrashReport } from './crash-report.ts';
import { createLog } from './log.ts';
import { redact } from './redact.ts';

const timed = (deed: () => unknown): number => {
  const from = performance.now();
  deed();
  return performance.now() - from;
};
const token = 'k7Xv0mQ2t-9aLwE_4rTz1yB8cD3fG5hJ6nP0sU2vW4x';

describe('redact', () => {
  it.each([
    ['http://127.0.0.1:11500/#code=abcDEF_123-xyz', 'http://127.0.0.1:11500/#code=[secret]'],
    ['GET /x?token=abc123456&model=phi', 'GET /x?token=[secret]&model=phi'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: [secret]'],
    ["headers: { authorization: 'Bearer abcdefghij', host: 'x' }", "headers: { authorization: '[secret]', host: 'x' }"],
    ['sent bearer abcdefghij to it', 'sent bearer [secret] to it'],
    ['cookie: airdock_session=abcdef; a=b', 'cookie: [secret]'],
    ['{"apiKey":"abcdef123456"}', '{"apiKey":"[secret]"}'],
    ['OPENAI_API_KEY=abcdef123456 was set', 'OPENAI_API_KEY=[secret] was set'],
    ['https://me:pass@ollama.example/api', 'https://[secret]@ollama.example/api'],
    ['https://me:p@ss@ollama.example/api', 'https://[secret]@ollama.example/api'],
    ['https://a1b2c3d4@ollama.example/api', 'https://[secret]@ollama.example/api'],
    ["[ 'Authorization', 'Basic bWU6cGFzcw==', 'Host', 'x' ]", "[ 'Authorization', '[secret]', 'Host', 'x' ]"],
    ['Proxy-Authorization: Basic bWU6cGFzcw==', 'Proxy-Authorization: [secret]'],
    ['the key sk-proj-abcdefghijklmnopqrst is wrong', 'the key [secret] is wrong'],
  ])('%s', (text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it('takes out what is known to be secret wherever it stands', () => {
    expect(redact(`x${token}y`, [token])).toBe('x[secret]y');
  });

  it('leaves ordinary words alone', () => {
    const text = 'Loading llama3.2 (4.5 GB, 128 tokens) for Open WebUI from http://127.0.0.1:11434/api/generate: error code=70, 100% done, tokens: 12, see https://x.example/@me, no authorization, no cookie';
    expect(redact(text)).toBe(text);
  });

  it.each(['a.', 'a+', 'sk-', 'token ', 'http://'])('is not looked through anew from each word: %j', (piece) => {
    const took = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      // The quickest of some runs: the others waited for the machine.
      return Math.min(...Array.from({ length: 3 }, () => timed(() => redact(text))));
    };
    expect(took(80_000)).toBeLessThan(took(5_000) * 64 + 20);
  });
});

describe('createLog', () => {
  it('writes faults with their causes, and no secret', async () => {
    const folder = path.join(await tempDir(), 'deep/logs');
    const log = createLog({ folder, secrets: () => [token] });
    log.info(`The dashboard is at http://127.0.0.1:1/#code=${token}`);
    log.warn('100% %s %d %c done');
    log.fault(new Error(`outer ${token}`, { cause: new Error('Authorization: Bearer abcdefghijkl') }));
    log.fault({ toString: () => 'odd', get bad() { throw new Error('trap'); } });
    log.fault(null);
    const text = await readFile(log.file, 'utf8');
    expect(text).not.toContain(token);
    expect(text).not.toContain('abcdefghijkl');
    expect(text).toContain('100% %s %d %c done');
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info The dashboard is at /);
    expect(text).toContain('outer [secret]');
    expect(text).toMatch(/cause.*Error: Authorization: \[secret\]/s);
    expect((await stat(log.file)).mode & 0o077).toBe(0);
  });

  it('keeps three files of bounded size', async () => {
    const folder = await tempDir();
    const log = createLog({ folder, maxBytes: 1_000 });
    for (let line = 0; line < 100; line += 1) log.info(`line ${line} ${'x'.repeat(80)}`);
    expect((await readdir(folder)).sort()).toEqual(['airdock.1.log', 'airdock.2.log', 'airdock.log']);
    for (const name of await readdir(folder)) expect((await stat(path.join(folder, name))).size).toBeLessThan(1_200);
    const [older, newer] = await Promise.all(['airdock.1.log', 'airdock.log'].map((name) => readFile(path.join(folder, name), 'utf8')));
    expect(newer).toContain('line 99 ');
    const lastOf = (text = ''): number => Number(/line (\d+) x+\s*$/.exec(text)?.[1]);
    expect(newer).toContain(`line ${lastOf(older) + 1} `);
  });

  it('goes on where nothing can be written', async () => {
    const file = path.join(await tempDir(), 'file');
    await writeFile(file, '');
    const log = createLog({ folder: file });
    log.info('nobody hears this');
    log.fault(new Error('nor this'));
  });
});

describe('writeCrashReport', () => {
  it('writes a report, and keeps the last ten', async () => {
    const folder = path.join(await tempDir(), 'logs');
    await mkdir(folder);
    await writeFile(path.join(folder, 'airdock.log'), '');
    const files = [];
    for (let number = 0; number < 13; number += 1) files.push(writeCrashReport({ folder, words: `fault ${number}`, where: 'main process', version: '1.2.3', at: 1_000_000 + Math.floor(number / 2) }));
    expect(new Set(files).size).toBe(13);
    const left = (await readdir(folder)).filter((name) => name.startsWith('crash-'));
    expect(left).toHaveLength(10);
    const text = await readFile(files[12] ?? '', 'utf8');
    expect(text).toContain('Airdock 1.2.3, main process');
    expect(text).toContain('fault 12');
    expect((await readdir(folder)).includes('airdock.log')).toBe(true);
  });

  it('gives up where it cannot', async () => {
    const file = path.join(await tempDir(), 'file');
    await writeFile(file, '');
    expect(writeCrashReport({ folder: file, words: 'x', where: 'page', version: '1' })).toBeNull();
  });
});
