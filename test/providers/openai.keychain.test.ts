import { describe, expect, it } from 'vitest';
import { problem, type Outcome } from '../../contract/index.ts';
import { modelNamed, never, poll, subject } from './openai-subject.ts';

const key = 'sk-secret-0123456789';

/** A keychain that tests fill, lock and count. */
function fakeKeychain(kept: string | null = null) {
  const asked: string[] = [];
  let locked: Promise<void> | null = null;
  let unlock = (): void => undefined;
  const state = { kept, refusal: null as string | null };
  return {
    asked,
    state,
    lock: () => void (locked = new Promise((resolve) => (unlock = resolve))),
    unlock: () => unlock(),
    async get(id: string): Promise<Outcome<string | null>> {
      asked.push(id);
      await locked;
      return state.refusal === null ? { ok: true, value: state.kept } : { ok: false, problem: problem('bad-key', state.refusal) };
    },
  };
}

const there = { key, models: [{ name: 'a' }] };

describe('a key in the keychain', () => {
  it('is asked for once, and shown to the server alone', async () => {
    const keychain = fakeKeychain(` ${key}\n`);
    const { provider, fake, clock } = await subject(there, { keychain: true }, { keychain });
    const report = await poll(provider);
    expect(report).toMatchObject({ status: { status: 'up', problem: null }, models: [{ id: 'there/a', elsewhere: 'online' }] });
    expect(JSON.stringify(report)).not.toContain(key);
    expect(provider.upstream?.headers).toEqual({ authorization: `Bearer ${key}` });
    expect(await provider.generate({ id: (await modelNamed(provider, 'a')).id, prompt: 'hi', maxTokens: 5, signal: never })).toMatchObject({ ok: true });
    clock.now += 600_000;
    await poll(provider);
    expect(keychain.asked).toEqual(['there']);
    expect(fake.requests.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true);
  });

  it('of a server of this computer opens that too', async () => {
    const { provider } = await subject({ ...there, kind: 'lm-studio' }, { keychain: true, local: true }, { keychain: fakeKeychain(key) });
    expect(await poll(provider)).toMatchObject({ status: { status: 'up', version: 'LM Studio' }, models: [{ providerName: 'a' }] });
  });

  it('that is missing is said with the command that helps; nothing goes to the server before it is there', async () => {
    const keychain = fakeKeychain();
    const { provider, fake, clock } = await subject(there, { keychain: true, models: ['a'] }, { keychain });
    expect(await poll(provider)).toMatchObject({
      status: { status: 'down', problem: { code: 'bad-key', message: 'The keychain holds no key for There.', hint: '"airdock key set there" puts one there.' } },
      models: [{ providerName: 'a', elsewhere: 'online' }],
    });
    expect(provider.upstream).toBeUndefined();
    expect(await provider.generate({ id: 'there/a', prompt: 'hi', maxTokens: 5, signal: never })).toMatchObject({ ok: false, problem: { code: 'bad-key' } });
    keychain.state.kept = key;
    clock.now += 59_000;
    await poll(provider);
    expect([keychain.asked.length, fake.requests.length]).toEqual([1, 0]);
    clock.now += 1_000;
    expect((await poll(provider)).status.status).toBe('up');
    expect(keychain.asked).toHaveLength(2);
  });

  it.each([
    [{ refusal: 'The keychain refused: it is locked.', kept: null }, 'The keychain refused: it is locked.'],
    [{ refusal: null, kept: `two words ${key}` }, 'What the keychain holds cannot be a key for There: it has blanks or other characters that no key has.'],
  ])('explains %o', async (state, message) => {
    const keychain = fakeKeychain();
    Object.assign(keychain.state, state);
    const { provider, fake } = await subject(there, { keychain: true }, { keychain });
    const report = await poll(provider);
    expect(report.status).toMatchObject({ status: 'down', problem: { code: 'bad-key', message } });
    expect(JSON.stringify(report)).not.toContain(key);
    expect(fake.requests).toEqual([]);
  });

  it('is not waited for while its owner is asked, and counts as soon as it comes', async () => {
    const keychain = fakeKeychain(key);
    keychain.lock();
    const { provider } = await subject(there, { keychain: true }, { keychain, times: { patience: 10 } });
    expect(await poll(provider)).toMatchObject({ status: { status: 'starting', problem: null }, models: null });
    expect(await provider.generate({ id: 'there/a', prompt: 'hi', maxTokens: 5, signal: never })).toMatchObject({ ok: false, problem: { message: expect.stringContaining('has not answered yet') as string } });
    keychain.unlock();
    await expect.poll(async () => (await poll(provider)).status.status).toBe('up');
    expect(keychain.asked).toHaveLength(1);
  });

  it('that comes after the end opens nothing', async () => {
    const keychain = fakeKeychain(key);
    keychain.lock();
    const { provider, fake } = await subject(there, { keychain: true }, { keychain, times: { patience: 10 } });
    await poll(provider);
    await provider.stop();
    keychain.unlock();
    await poll(provider);
    expect([provider.upstream, fake.requests]).toEqual([undefined, []]);
  });

  it('is not asked for any longer than the server is wanted', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { provider } = await subject(there, { keychain: true }, { keychain: { get: (_id, signal) => (signals.push(signal), new Promise(() => undefined)) }, times: { patience: 10 } });
    await poll(provider);
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
    await provider.stop();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('that is wrong is said with the command that helps, and the server is not hammered', async () => {
    const { provider, fake, clock } = await subject({ ...there, key: 'another' }, { keychain: true }, { keychain: fakeKeychain(key) });
    const report = await poll(provider);
    expect(report.status).toMatchObject({ status: 'down', problem: { code: 'bad-key', message: 'There does not accept the key in the keychain (status 401).', hint: '"airdock key set there" puts the right one there.' } });
    expect(JSON.stringify(report)).not.toContain(key);
    for (let seconds = 0; seconds < 119; seconds++) {
      clock.now += 1_000;
      await poll(provider);
    }
    expect(fake.requests).toHaveLength(1);
  });
});

describe('a variable and the keychain', () => {
  it('the variable counts where it is set', async () => {
    const keychain = fakeKeychain('another');
    const { provider } = await subject(there, { keychain: true, key_env: 'THERE_KEY' }, { keychain, env: { THERE_KEY: key } });
    expect((await poll(provider)).status.status).toBe('up');
    expect(keychain.asked).toEqual([]);
  });

  it('else the keychain does', async () => {
    for (const env of [{}, { THERE_KEY: ' ' }]) {
      const { provider } = await subject(there, { keychain: true, key_env: 'THERE_KEY' }, { keychain: fakeKeychain(key), env });
      expect((await poll(provider)).status.status).toBe('up');
    }
  });

  it('a variable with something else in it is said, rather than passed over', async () => {
    const keychain = fakeKeychain(key);
    const { provider } = await subject(there, { keychain: true, key_env: 'THERE_KEY' }, { keychain, env: { THERE_KEY: 'two words' } });
    expect((await poll(provider)).status).toMatchObject({ status: 'down', problem: { message: expect.stringContaining('variable THERE_KEY') as string } });
    expect(keychain.asked).toEqual([]);
  });

  it('without either the keychain is left alone', async () => {
    const keychain = fakeKeychain(key);
    const { provider } = await subject({ models: [{ name: 'a' }] }, {}, { keychain });
    await poll(provider);
    expect(keychain.asked).toEqual([]);
  });
});
