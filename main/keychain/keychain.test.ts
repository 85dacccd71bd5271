import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { installFakeTool } from '../../test/fakes/keychain-tools.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { createCredentialManager } from './credential-manager.ts';
import { createKeychain, systemKeychain, type Keychain } from './keychain.ts';
import { createRunTool, type RunTool } from './run-tool.ts';
import { createSecretService } from './secret-service.ts';
import { createSecurity } from './security.ts';

const key = `sk-"quoted"-'$(id)'-\`x\`-\\n-%PATH%-0123456789`;

const kinds = [
  ['secret-tool', (run: RunTool, program: string) => createSecretService(run, program)],
  ['security', (run: RunTool, program: string) => createSecurity(run, program)],
  ['powershell', (run: RunTool, program: string) => createCredentialManager(run, {}, program)],
] as const;

describe.skipIf(process.platform === 'win32').each(kinds)('the keychain by %s', (name, create) => {
  async function started(waitMs = 20_000) {
    const tool = await installFakeTool(name, await tempDir());
    const keychain: Keychain = createKeychain(create(createRunTool({ PATH: process.env['PATH'] }, waitMs), tool.program));
    return { tool, keychain };
  }

  it('keeps, gives, replaces and removes a key that no argument and no variable ever holds', async () => {
    const { tool, keychain } = await started();
    expect(await keychain.get('cloud')).toEqual({ ok: true, value: null });
    expect(await keychain.set('cloud', `${key}\n`)).toEqual({ ok: true, value: 'cloud' });
    expect(await keychain.set('other.one', 'another')).toEqual({ ok: true, value: 'other.one' });
    expect(await keychain.get('cloud')).toEqual({ ok: true, value: key });
    expect(tool.items()).toEqual({ cloud: key, 'other.one': 'another' });
    expect(await keychain.set('cloud', 'sk-new')).toEqual({ ok: true, value: 'cloud' });
    expect(await keychain.get('cloud')).toEqual({ ok: true, value: 'sk-new' });
    expect(await keychain.remove('cloud')).toEqual({ ok: true, value: true });
    expect(await keychain.remove('cloud')).toEqual({ ok: true, value: false });
    expect(await keychain.get('cloud')).toEqual({ ok: true, value: null });
    for (const hidden of [key, Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64'), 'sk-new', '0123456789']) expect(tool.seen()).not.toContain(hidden);
  });

  it('says what the program said, without the key', async () => {
    const { tool, keychain } = await started();
    await tool.behave({ words: '\nCannot create an item of a collection that is locked: INPUT\nmore' });
    const answer = await keychain.set('cloud', 'sk-plain');
    expect(answer).toMatchObject({ ok: false, problem: { code: 'bad-key', message: expect.stringMatching(/^The keychain refused: Cannot create an item of a collection that is locked/) as string } });
    expect(JSON.stringify(answer)).not.toContain('sk-plain');
    expect(await keychain.get('cloud')).toMatchObject({ ok: false, problem: { code: 'bad-key', hint: expect.stringContaining('key_env') as string } });
    expect(await keychain.remove('cloud')).toMatchObject({ ok: false });
  });

  it('notices that nothing was kept', async () => {
    const { tool, keychain } = await started();
    await tool.behave('forget');
    expect(await keychain.set('cloud', key)).toMatchObject({ ok: false, problem: { message: 'The keychain has not kept the key.' } });
  });

  it('does not wait for ever', async () => {
    const { tool, keychain } = await started(400);
    await tool.behave('hang');
    expect(await keychain.get('cloud')).toMatchObject({ ok: false, problem: { message: 'The keychain did not answer within 1 s: it may be locked.', hint: 'Unlock it, then try again.' } });
  });

  it('ends the program when nobody waits for its answer any more', async () => {
    const { tool, keychain } = await started();
    await tool.behave('hang');
    const stop = new AbortController();
    const answer = keychain.get('cloud', stop.signal);
    await expect.poll(() => tool.calls()).toBe(1);
    stop.abort();
    expect(await answer).toMatchObject({ ok: false, problem: { message: 'The keychain refused.' } });
    await expect.poll(() => tool.running()).toEqual([]);
  });

  it('says in one sentence that the program is missing, and what helps', async () => {
    const keychain = createKeychain(create(createRunTool({}), path.join(await tempDir(), name)));
    expect(await keychain.get('cloud')).toMatchObject({ ok: false, problem: { code: 'bad-key', message: expect.stringMatching(/^The keychain cannot be asked: \S+ is not there\.$/) as string, hint: expect.stringMatching(/\.$/) as string } });
  });

  it.each([['', 'no key'], [' \n', 'no key'], ['two words', 'cannot be a key'], ['sk\n-x', 'cannot be a key'], ['schlüssel', 'cannot be a key'], ['x'.repeat(1_801), 'too long']])('takes no %j for a key', async (given, words) => {
    const { tool, keychain } = await started();
    expect(await keychain.set('cloud', given)).toMatchObject({ ok: false, problem: { message: expect.stringContaining(words) as string } });
    expect(tool.calls()).toBe(0);
  });
});

it.skipIf(process.platform === 'win32')('the longest key goes into one line of what macOS reads', async () => {
  const tool = await installFakeTool('security', await tempDir());
  const keychain = createKeychain(createSecurity(createRunTool({}), tool.program));
  const lines: string[] = [];
  const counting = createKeychain(createSecurity((program, args, options) => (lines.push(options?.input ?? ''), createRunTool({})(program, args, options)), tool.program));
  expect(await counting.set('a'.repeat(40), 'x'.repeat(1_800))).toMatchObject({ ok: true });
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(4_000);
  expect(await keychain.get('a'.repeat(40))).toEqual({ ok: true, value: 'x'.repeat(1_800) });
});

it.each([
  ['linux', 'secret-tool'],
  ['freebsd', 'secret-tool'],
  ['darwin', '/usr/bin/security'],
  ['win32', 'D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
] as const)('on %s %s is asked', async (platform, program) => {
  const asked: string[] = [];
  const run: RunTool = async (name) => (asked.push(name), { kind: 'missing' });
  await systemKeychain({ SystemRoot: 'D:\\Win' }, platform, run).get('cloud');
  expect(asked).toEqual([program]);
});
