import { EventEmitter } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AirdockError, problem } from '../../../contract/index.ts';
import { installFakeTool } from '../../../test/fakes/keychain-tools.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import type { Context } from '../context.ts';
import { exits } from '../exits.ts';
import { readSecret } from '../read-secret.ts';
import { list, remove, set } from './key.ts';

const key = 'sk-secret-0123456789';
const cloud = { id: 'cloud', base_url: 'https://api.example.com/v1', key_env: null, keychain: true };

/** The command line with a stand-in for the keychain's program, and an Airdock with these servers; null: none runs. */
async function typed(args: string[], { input = '', servers = [cloud], json = false }: { input?: string; servers?: object[] | null; json?: boolean } = {}) {
  const dir = await tempDir();
  const tool = await installFakeTool('secret-tool', dir);
  const printed: string[] = [];
  const noted: string[] = [];
  const called: string[] = [];
  const manager = {
    call: async (operation: string, given: { id?: string }) => {
      called.push(`${operation} ${given.id ?? ''}`.trim());
      return operation === 'configGet' ? { config: { providers: { openai: servers } } } : { ok: true, value: { text: '' } };
    },
  };
  const airdock = async () => {
    if (servers === null) throw new AirdockError(problem('not-running', 'None runs.'));
    return manager;
  };
  const terminal = { hasPipedInput: true, readInput: async () => input, print: (text: string) => printed.push(text), note: (text: string) => noted.push(text) };
  const again = (next: string[], text = ''): Context => ({ args: next, json, env: { PATH: dir }, airdock, terminal: { ...terminal, readInput: async () => text } }) as unknown as Context;
  return { context: again(args, input), again, tool, printed, noted, called, dir };
}

describe.skipIf(process.platform !== 'linux')('airdock key', () => {
  it('set keeps what comes in, tells the running Airdock, and prints no key', async () => {
    const { context, tool, printed, noted, called } = await typed(['cloud'], { input: `${key}\n` });
    expect(await set(context)).toBe(exits.done);
    expect(tool.items()).toEqual({ cloud: key });
    expect(printed).toEqual(['The keychain holds the key for cloud.']);
    expect(called).toEqual(['keyChanged cloud', 'configGet']);
    expect(`${printed.join()}${noted.join()}${tool.seen()}`).not.toContain(key);
  });

  it.each<[string, object[] | null, RegExp | null]>([
    ['nothing, where none runs', null, null],
    ['that the settings do not have it', [], /no server cloud under providers\.openai yet/],
    ['that it is not used', [{ ...cloud, keychain: false }], /not used yet: give cloud "keychain": true/],
    ['that a variable counts before it', [{ ...cloud, key_env: 'CLOUD_KEY' }], /Where the variable CLOUD_KEY is set, that counts before it/],
  ])('set adds %s', async (_, servers, words) => {
    const { context, printed, tool } = await typed(['cloud'], { input: key, servers });
    expect(await set(context)).toBe(exits.done);
    expect(tool.items()).toEqual({ cloud: key });
    if (words === null) expect(printed).toEqual(['The keychain holds the key for cloud.']);
    else expect(printed.join()).toMatch(words);
  });

  it('list says where each key comes from, and remove takes one out again', async () => {
    const { context, again, printed, noted, called, tool } = await typed([], { servers: [cloud, { id: 'lab', key_env: 'LAB_KEY', keychain: false }, { id: 'both', key_env: 'BOTH_KEY', keychain: true }, { id: 'here', key_env: null, keychain: false }] });
    expect(await set(again(['cloud'], key))).toBe(exits.done);
    printed.splice(0);
    expect(await list(context)).toBe(exits.done);
    expect(printed.join('\n').split('\n').map((line) => line.split(/ {2,}/))).toEqual([['cloud', 'the keychain'], ['lab', 'the variable LAB_KEY'], ['both', 'the variable BOTH_KEY, else the keychain, which holds none yet'], ['here', 'no key']]);
    expect(printed.join()).not.toContain(key);
    called.splice(0);
    expect(await remove(again(['cloud']))).toBe(exits.done);
    expect([tool.items(), called[0]]).toEqual([{}, 'keyChanged cloud']);
    expect(await remove(again(['cloud']))).toBe(exits.refused);
    expect(noted).toEqual(['The keychain holds no key for cloud.']);
  });

  it('list as data has no key in it', async () => {
    const { context, again, printed } = await typed([], { json: true });
    await set(again(['cloud'], key));
    await list(context);
    expect(JSON.parse(printed.at(-1) ?? '')).toEqual([{ id: 'cloud', variable: null, keychain: true, kept: true }]);
    expect(printed.join()).not.toContain(key);
  });

  it.each([['../x'], ['A'], ['-a'], ['a b'], ['$(id)'], ['ollama'], ['']])('%j is no id, so nothing is asked', async (id) => {
    const { context, again, tool, noted } = await typed([id], { input: key });
    expect([await set(context), await remove(again([id]))]).toEqual([exits.refused, exits.refused]);
    expect(noted[0]).toContain('is no id of a server');
    expect(tool.calls()).toBe(0);
  });

  it('refuses what is no key, and says which program is missing', async () => {
    const { context, again, noted, dir } = await typed(['cloud'], { input: '\n' });
    expect(await set(context)).toBe(exits.refused);
    expect(noted.join()).toContain('There is no key in what came in.');
    expect(await set({ ...again(['cloud'], key), env: { PATH: path.join(dir, 'none') } })).toBe(exits.refused);
    expect(noted.join()).toContain('secret-tool is not there.');
    expect(noted.join()).not.toContain(key);
  });
});

describe('a key that is typed', () => {
  function typing() {
    const written: string[] = [];
    const modes: boolean[] = [];
    /** Whether typing was hidden when something was written. */
    const asked: (boolean | undefined)[] = [];
    const input = Object.assign(new EventEmitter(), { setRawMode: (on: boolean) => modes.push(on), setEncoding: () => undefined, resume: () => undefined, pause: () => undefined });
    const answer = readSecret('Key: ', input as unknown as NodeJS.ReadStream, { write: (text: string) => (asked.push(modes.at(-1)), written.push(text) > 0) } as unknown as NodeJS.WriteStream);
    return { input, answer, written, modes, asked };
  }

  it('is not shown, and ends with Enter', async () => {
    const { input, answer, written, modes, asked } = typing();
    for (const chunk of ['sk-x', '\u007f', 'ab', 'c\rlater']) input.emit('data', chunk);
    expect(await answer).toBe('sk-abc');
    expect(written).toEqual(['Key: ', '\n']);
    expect(modes).toEqual([true, false]);
    expect(asked[0]).toBe(true);
    expect(input.listenerCount('data')).toBe(0);
  });

  it('is given up with Ctrl+C', async () => {
    const { input, answer, modes } = typing();
    input.emit('data', 'sk-\u0003');
    expect(await answer).toBeNull();
    expect(modes).toEqual([true, false]);
  });
});
