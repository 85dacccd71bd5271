import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentText } from './launchd.ts';
import { createService, type Service, type ServiceDeps } from './service.ts';
import { execStart, unitText } from './systemd.ts';

interface Place {
  home: string;
  /** What the system was told. */
  told: string[];
  service(change?: Partial<ServiceDeps>): Service;
}

async function place(): Promise<Place> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'airdock-service-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const told: string[] = [];
  return {
    home,
    told,
    service(change = {}) {
      const created = createService({
        platform: 'linux',
        env: {},
        home,
        uid: 501,
        command: ['/usr/bin/node', '/opt/airdock/dist/main/cli.js', 'serve'],
        dataDir: path.join(home, 'data'),
        tell: async (program, args) => (told.push([program, ...args].join(' ')), null),
        ...change,
      });
      if (!created.ok) throw new Error(created.problem.message);
      return created.value;
    },
  };
}

const unitFile = (home: string): string => path.join(home, '.config/systemd/user/airdock.service');

describe('the service on Linux', () => {
  it('is written, started, told to be the same a second time, and taken away without a trace', async () => {
    const { home, told, service } = await place();
    expect(await service().install()).toMatchObject({ ok: true, value: { text: expect.stringMatching(/^Written: .*airdock\.service\n[^]*loginctl enable-linger/) } });
    expect(await readFile(unitFile(home), 'utf8')).toBe(unitText(['/usr/bin/node', '/opt/airdock/dist/main/cli.js', 'serve']));
    expect(told).toEqual(['systemctl --user daemon-reload', 'systemctl --user enable airdock.service', 'systemctl --user restart airdock.service']);
    const { mtimeMs } = await stat(unitFile(home));
    expect(await service().install()).toMatchObject({ ok: true, value: { text: expect.stringContaining('Already there: ') } });
    expect((await stat(unitFile(home))).mtimeMs).toBe(mtimeMs);
    expect(await service({ command: ['/new/node', 'x'] }).install()).toMatchObject({ ok: true, value: { text: expect.stringContaining('Brought up to date: ') } });
    expect(await readFile(unitFile(home), 'utf8')).toContain('"/new/node"');

    told.length = 0;
    expect(await service().remove()).toMatchObject({ ok: true, value: { text: `Removed: ${unitFile(home)}` } });
    expect(told).toEqual(['systemctl --user disable --now airdock.service', 'systemctl --user daemon-reload']);
    await expect(stat(unitFile(home))).rejects.toThrow('ENOENT');
    expect(await service().remove()).toMatchObject({ ok: true, value: { text: expect.stringContaining('No service was there') } });
  });

  it('leaves a file alone that somebody else wrote', async () => {
    const { home, told, service } = await place();
    await mkdir(path.dirname(unitFile(home)), { recursive: true });
    await writeFile(unitFile(home), '[Service]\nExecStart=/mine\n');
    for (const act of ['install', 'remove'] as const) expect(await service()[act]()).toMatchObject({ ok: false, problem: { code: 'bad-file', message: expect.stringContaining('did not write it') } });
    expect(await readFile(unitFile(home), 'utf8')).toBe('[Service]\nExecStart=/mine\n');
    expect(told).toEqual([]);
  });

  it('says plainly where systemd cannot be told, and with which commands it starts', async () => {
    const { home, service } = await place();
    const deaf = service({ tell: async () => 'there is no such program here' });
    const installed = await deaf.install();
    expect(installed).toMatchObject({ ok: false, problem: { message: expect.stringContaining('systemctl --user daemon-reload: there is no such program here'), hint: expect.stringContaining('  systemctl --user restart airdock.service') } });
    expect(await readFile(unitFile(home), 'utf8')).toContain('[Install]');
    expect(await deaf.remove()).toMatchObject({ ok: true, value: { text: expect.stringContaining('could not be told') } });
    await expect(stat(unitFile(home))).rejects.toThrow('ENOENT');
  });

  it('goes by XDG_CONFIG_HOME, and names a folder that cannot be written', async () => {
    const { home, service } = await place();
    const config = path.join(home, 'elsewhere');
    await service({ env: { XDG_CONFIG_HOME: config } }).install();
    expect(await readFile(path.join(config, 'systemd/user/airdock.service'), 'utf8')).toContain('ExecStart=');
    await writeFile(path.join(home, 'letter'), '');
    expect(await service({ env: { XDG_CONFIG_HOME: path.join(home, 'letter') } }).install()).toMatchObject({ ok: false, problem: { message: expect.stringContaining('cannot be changed') } });
  });

  it('passes every argument on as it is', () => {
    // As `systemd-analyze verify` reads it: "C-like" escapes inside of quotes, %% and $$.
    expect(execStart(['/a b/no$de', 'c:\\d', 'say "hi"', '100%', '$HOME', ''])).toBe('"/a b/no$de" "c:\\\\d" "say \\"hi\\"" "100%%" "$$HOME" ""');
  });
});

describe('the service on macOS', () => {
  it('is an agent of launchd, started anew where one was there', async () => {
    const { home, told, service } = await place();
    const file = path.join(home, 'Library/LaunchAgents/dev.airdock.service.plist');
    const mac = service({ platform: 'darwin' });
    expect(await mac.install()).toMatchObject({ ok: true });
    expect(told).toEqual([`launchctl bootstrap gui/501 ${file}`]);
    told.length = 0;
    await mac.install();
    expect(told).toEqual(['launchctl bootout gui/501/dev.airdock.service', `launchctl bootstrap gui/501 ${file}`]);
    told.length = 0;
    expect(await mac.remove()).toMatchObject({ ok: true });
    expect(told).toEqual(['launchctl bootout gui/501/dev.airdock.service']);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('passes every argument on as it is', () => {
    expect(agentText(['/a & b', '<c>'], '/log')).toContain('    <string>/a &amp; b</string>\n    <string>&lt;c&gt;</string>\n');
  });
});

it('there is none on Windows, and what to use instead is said', () => {
  const created = createService({ platform: 'win32', env: {}, home: 'C:\\', uid: 0, command: ['node'], dataDir: 'C:\\x', tell: async () => null });
  expect(created).toMatchObject({ ok: false, problem: { hint: expect.stringContaining('Start at login') } });
});

it('a path with a line break is refused: it would end a line of the file', () => {
  const created = createService({ platform: 'linux', env: {}, home: '/x', uid: 0, command: ['/a\nExecStartPre=/bad'], dataDir: '/x', tell: async () => null });
  expect(created).toMatchObject({ ok: false, problem: { code: 'bad-folder' } });
});
