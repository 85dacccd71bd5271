import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../../test/temp-dir.ts';
import { runProgram, type Run } from './actions.ts';
import { createOllamaPort, type OllamaPort } from './ollama-port.ts';
import { setupOf, type Machine } from './setup.ts';
import { environmentIn, stepsToMove, stepsToMoveBack } from './steps.ts';

const machine = (platform: NodeJS.Platform, has: readonly string[], more: Partial<Machine> = {}): Machine => ({
  platform, home: '/home/me', env: {}, isRoot: false, exists: (file) => has.includes(file), ...more,
});

let ports = { known: 0, moved: 0 };
beforeEach(async () => {
  const free = [createTcpServer(), createTcpServer()];
  for (const server of free) await once(server.listen(0, '127.0.0.1'), 'listening');
  const [known = 0, moved = 0] = free.map((server) => (server.address() as AddressInfo).port);
  for (const server of free) await new Promise((resolve) => server.close(resolve));
  ports = { known, moved };
});

const answers = {
  ollama: { '/api/version': '{"version":"0.33.0"}' },
  airdock: { '/airdock/v1/health': '{"name":"airdock","version":"1","instance":"i"}', '/api/version': '{"version":"0.33.0"}' },
  other: { '/': 'hello' },
} as const;

/** Something that answers on a port until it is moved away. */
async function be(who: keyof typeof answers, port: number): Promise<{ leave(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const text: string | undefined = Object.entries(answers[who]).find(([route]) => route === request.url)?.[1];
    response.writeHead(text === undefined ? 404 : 200).end(text ?? '404 page not found');
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const leave = (): Promise<void> => new Promise((resolve) => (server.listening ? server.close(() => resolve()) : resolve()));
  onTestFinished(leave);
  return { leave };
}

async function begin(of: Machine, settings: { port: number; host: string | null } = { port: 11500, host: null }, answer: string | null = '') {
  const dataDir = await tempDir();
  const ran: string[] = [];
  const run: Run = async (argv) => {
    ran.push(argv.join(' '));
    return answer === null ? { ok: false, problem: { code: 'internal', message: 'no' } } : { ok: true, value: answer };
  };
  const sets: Record<string, unknown>[] = [];
  const port: OllamaPort = createOllamaPort({
    dataDir, machine: of, run, ports, now: () => 0,
    settings: {
      current: async () => ({ ok: true, value: { ...settings } }),
      set: async (set) => {
        sets.push(set);
        if ('gateway.port' in set) settings.port = (set['gateway.port'] as number | null) ?? 11500;
        if ('providers.ollama.host' in set) settings.host = set['providers.ollama.host'] as string | null;
        return { ok: true, value: null };
      },
    },
  });
  return { port, dataDir, ran, sets, settings, kept: path.join(dataDir, 'ollama-port.json') };
}

const progress = (done: boolean, did: number, todo: number) => ({ ok: true, value: { done, past: null, did: expect.objectContaining({ length: did }), todo: expect.objectContaining({ length: todo }) } });

describe('Ollama’s port', () => {
  it('is taken and given back in steps, each asked for again until both ports say who they are', async () => {
    const { port, ran, sets, settings, kept } = await begin(machine('linux', ['/etc/systemd/system/ollama.service']), { port: 11600, host: 'http://127.0.0.1:1' });
    const ollama = await be('ollama', ports.known);

    const first = await port.take();
    expect(first).toEqual(progress(false, 0, 1));
    expect(first.ok && first.value.todo[0]?.commands.at(-1)).toBe('sudo systemctl restart ollama');
    // Nothing of Airdock's changes before Ollama is where it shall be; asking again does no harm.
    expect([await port.take(), sets, ran]).toEqual([first, [], []]);

    await ollama.leave();
    const moved = await be('ollama', ports.moved);
    expect(await port.take()).toEqual(progress(false, 1, 1));
    expect(settings).toEqual({ port: ports.known, host: `http://127.0.0.1:${ports.moved}` });
    expect(await port.check()).toMatchObject({ ok: true, value: { taken: false, remembered: true, setup: 'systemd' } });

    const airdock = await be('airdock', ports.known);
    expect(await port.take()).toEqual(progress(true, 0, 0));
    expect(await port.check()).toMatchObject({ ok: true, value: { taken: true, text: `Port ${ports.known}: Airdock answers. Port ${ports.moved}: Ollama 0.33.0 answers.` } });

    expect(await port.giveBack()).toEqual(progress(false, 1, 1));
    expect(settings).toEqual({ port: 11600, host: `http://127.0.0.1:${ports.moved}` });
    await airdock.leave();
    const back = await port.giveBack();
    expect(back.ok && back.value.todo[0]?.commands[0]).toBe('sudo rm -f /etc/systemd/system/ollama.service.d/zz-airdock.conf');
    const again = await be('ollama', ports.known);
    expect(await port.giveBack()).toMatchObject({ ok: false, problem: { code: 'already-running' } });
    await moved.leave();
    expect(existsSync(kept)).toBe(true);
    expect(await port.giveBack()).toEqual(progress(true, 1, 0));
    expect(settings).toEqual({ port: 11600, host: 'http://127.0.0.1:1' });
    expect(existsSync(kept)).toBe(false);
    await again.leave();
    expect(await port.giveBack()).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('says what goes past Airdock where a variable for all programs moved Ollama', async () => {
    const { port } = await begin(machine('darwin', ['/Applications/Ollama.app']), { port: ports.known, host: `http://127.0.0.1:${ports.moved}` });
    expect(await port.check()).toMatchObject({ ok: true, value: { setup: 'macos-app', past: null } });
    await be('airdock', ports.known);
    await be('ollama', ports.moved);
    const past = expect.stringMatching(new RegExp(`"ollama" command goes past Airdock, to port ${ports.moved}.*export OLLAMA_HOST=127\\.0\\.0\\.1:${ports.known}$`)) as string;
    expect(await port.check()).toMatchObject({ ok: true, value: { taken: true, past } });
    expect(await port.take()).toMatchObject({ ok: true, value: { done: true, past } });
  });

  it('goes back to defaults where those were in force, and knows the way also without its notes', async () => {
    const { port, sets } = await begin(machine('linux', []), { port: ports.known, host: `http://127.0.0.1:${ports.moved}` });
    await be('ollama', ports.known);
    expect(await port.giveBack()).toEqual(progress(true, 2, 0));
    expect(sets).toEqual([{ 'gateway.port': null }, { 'providers.ollama.host': null }]);
  });

  it('is left alone where another program has one of the two, or two Ollamas run', async () => {
    const { port, sets, kept } = await begin(machine('linux', []));
    const other = await be('other', ports.moved);
    expect(await port.take()).toMatchObject({ ok: false, problem: { code: 'bad-config', message: `Port ${ports.moved} is taken: another program answers.` } });
    await other.leave();
    const known = await be('other', ports.known);
    expect(await port.take()).toMatchObject({ ok: false, problem: { message: expect.stringContaining(`Port ${ports.known}`) } });
    expect([sets, existsSync(kept)]).toEqual([[], false]);
    await known.leave();
    await be('ollama', ports.known);
    await be('ollama', ports.moved);
    expect(await port.take()).toMatchObject({ ok: false, problem: { code: 'already-running' } });
    expect(sets).toEqual([]);
  });

  it('does by itself what needs nobody, and remembers the environment that programs had', async () => {
    const home = await tempDir();
    const { port, ran, kept } = await begin(machine('darwin', ['/Applications/Ollama.app'], { home }), undefined, '127.0.0.1:9999\n');
    expect(await port.take()).toEqual(progress(false, 1, 1));
    expect(ran).toEqual(['launchctl getenv OLLAMA_HOST', `launchctl setenv OLLAMA_HOST 127.0.0.1:${ports.moved}`]);
    const plist = path.join(home, 'Library/LaunchAgents/airdock.ollama-port.plist');
    expect(readFileSync(plist, 'utf8')).toContain(`<string>127.0.0.1:${ports.moved}</string>`);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ environment: '127.0.0.1:9999', gatewayPort: 11500, ollamaHost: null });
    // What was remembered is not overwritten by what Airdock has set since.
    await port.take();
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ environment: '127.0.0.1:9999' });
    ran.length = 0;
    expect(await port.giveBack()).toEqual(progress(false, 1, 1));
    expect([ran, existsSync(plist)]).toEqual([['launchctl setenv OLLAMA_HOST 127.0.0.1:9999'], false]);
  });

  it('is not taken half: what fails is told, and the settings stay', async () => {
    const { port, sets } = await begin(machine('win32', ['C:\\a\\Programs\\Ollama\\ollama app.exe'], { env: { LOCALAPPDATA: 'C:\\a' } }), undefined, null);
    expect(await port.take()).toMatchObject({ ok: false, problem: { message: 'no' } });
    expect(sets).toEqual([]);
  });
});

describe('the steps', () => {
  it.each([
    ['linux', ['/home/me/.config/systemd/user/ollama.service', '/etc/systemd/system/ollama.service'], 'systemd-user'],
    ['linux', ['/usr/lib/systemd/system/ollama.service'], 'systemd'],
    ['linux', [], 'by-hand'],
    ['darwin', ['/home/me/Applications/Ollama.app'], 'macos-app'],
    ['darwin', [], 'by-hand'],
    ['win32', [], 'by-hand'],
    ['freebsd', [], 'by-hand'],
  ] as const)('on %s with %j are those for %s', (platform, has, setup) => {
    expect(setupOf(machine(platform, has))).toBe(setup);
  });

  it('undo each other', () => {
    const root = machine('linux', [], { isRoot: true });
    const [there] = stepsToMove('systemd', root, 11435);
    const [back] = stepsToMoveBack('systemd', root, null);
    expect(there?.actions?.[0]).toEqual({ kind: 'write', file: '/etc/systemd/system/ollama.service.d/zz-airdock.conf', content: '[Service]\nEnvironment="OLLAMA_HOST=127.0.0.1:11435"\n' });
    expect(back?.actions?.[0]).toEqual({ kind: 'remove', file: '/etc/systemd/system/ollama.service.d/zz-airdock.conf' });
    expect(stepsToMove('systemd-user', root, 11435)[0]?.actions?.[0]).toMatchObject({ file: '/home/me/.config/systemd/user/ollama.service.d/zz-airdock.conf' });
    const windows = (before: string | null) => stepsToMoveBack('windows-app', root, before)[0]?.actions;
    expect(windows(null)).toEqual([{ kind: 'run', argv: ['reg', 'delete', 'HKCU\\Environment', '/v', 'OLLAMA_HOST', '/f'] }]);
    expect(windows('0.0.0.0')).toEqual([{ kind: 'run', argv: ['setx', 'OLLAMA_HOST', '0.0.0.0'] }]);
  });

  it('for a person are commands that write what Airdock would', async () => {
    const [step] = stepsToMove('systemd', machine('linux', []), 11435);
    const print = step?.commands.find((command) => command.startsWith('printf'))?.split(' | ')[0] ?? '';
    expect(await runProgram(['sh', '-c', print])).toEqual({ ok: true, value: '[Service]\nEnvironment="OLLAMA_HOST=127.0.0.1:11435"\n' });
    expect(await runProgram(['sh', '-c', 'echo reason >&2; exit 3'])).toMatchObject({ ok: false, problem: { message: expect.stringContaining('reason') } });
  });

  it('read what Windows says of a variable', () => {
    const answer = '\r\nHKEY_CURRENT_USER\\Environment\r\n    OLLAMA_HOST    REG_SZ    0.0.0.0:11434\r\n\r\n';
    expect([environmentIn('windows-app', answer), environmentIn('windows-app', ''), environmentIn('macos-app', '\n')]).toEqual(['0.0.0.0:11434', null, null]);
  });
});
