import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../test/temp-dir.ts';
import { dataDirectory, prepareDataDirectory, type DataDirectoryOptions } from './data-directory.ts';

describe('dataDirectory', () => {
  const cases: [string, DataDirectoryOptions, string][] = [
    ['Linux', { env: {}, platform: 'linux', home: '/home/u' }, '/home/u/.local/share/airdock'],
    ['XDG', { env: { XDG_DATA_HOME: '/x' }, platform: 'linux', home: '/home/u' }, '/x/airdock'],
    ['relative XDG is ignored', { env: { XDG_DATA_HOME: 'x' }, platform: 'linux', home: '/home/u' }, '/home/u/.local/share/airdock'],
    ['macOS', { env: {}, platform: 'darwin', home: '/Users/u' }, '/Users/u/Library/Application Support/Airdock'],
    ['Windows', { env: { LOCALAPPDATA: 'C:\\L' }, platform: 'win32', home: 'C:\\Users\\u' }, 'C:\\L\\Airdock'],
    ['bare Windows', { env: {}, platform: 'win32', home: 'C:\\Users\\u' }, 'C:\\Users\\u\\AppData\\Local\\Airdock'],
    ['environment', { env: { AIRDOCK_DATA_DIR: '/e', XDG_DATA_HOME: '/x' }, platform: 'linux', home: '/h' }, '/e'],
    ['override', { env: { AIRDOCK_DATA_DIR: '/e' }, platform: 'linux', home: '/h', override: '/o/../p' }, '/p'],
  ];
  it.each(cases)('%s', (_name, options, expected) => expect(dataDirectory(options)).toBe(expected));
});

describe('prepareDataDirectory', () => {
  it('makes it for this user alone and leaves an existing one as it is', async () => {
    const dir = path.join(await tempDir(), 'a', 'b');
    expect(await prepareDataDirectory(dir)).toEqual({ ok: true, value: dir });
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const shared = path.join(dir, 'shared');
    mkdirSync(shared, { mode: 0o755 });
    expect((await prepareDataDirectory(shared)).ok).toBe(true);
    expect(statSync(shared).mode & 0o777).toBe(0o755);
  });

  it('says what is wrong with one that cannot be used', async () => {
    const file = path.join(await tempDir(), 'file');
    writeFileSync(file, '');
    expect(await prepareDataDirectory(file)).toMatchObject({ ok: false, problem: { code: 'bad-folder' } });
    expect(await prepareDataDirectory(path.join(file, 'below'))).toMatchObject({
      ok: false,
      problem: { code: 'bad-folder', message: expect.stringContaining('not a folder'), hint: expect.stringContaining('--data-dir') },
    });
  });
});
