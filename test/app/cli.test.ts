import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import type { LoadDone, LoadedModel, Plan, ServerEvent } from '../../contract/index.ts';
import { serverEventSchema } from '../../contract/index.ts';
import { findHolder } from '../../main/data/lock.ts';
import { load, pidOf, startApp } from './airdock.ts';
import { root } from './build-app.ts';
import { commandLine } from './cli.ts';
import { newPlace, type Place } from './place.ts';
import { isAlive } from './processes.ts';
import { until } from './until.ts';

const samples = inject('sampleFiles');
const linkPattern = /http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/;

describe('without an Airdock', () => {
  it.for([
    ['status'], ['ls'], ['load', 'x'], ['unload', 'x'], ['unload', '--idle'], ['pin', 'x'], ['unpin', 'x'], ['plan', 'x'], ['why', 'x'], ['watch'], ['free'], ['freeze'], ['pause'],
    ['run', 'x', 'hello'], ['open'], ['config', 'get'], ['config', 'set', 'models.preset', 'balanced'],
  ])('%j ends with exit code 3 and says what to do', async (args, test) => {
    const place = await newPlace(test);
    const { code, stdout, stderr } = await commandLine(test, place).run(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(`No Airdock is running with the data folder ${place.dataDir}.\nStart the app, or "airdock serve". With another data folder: --data-dir.\n`);
    // Looking for one makes nothing.
    expect(await findHolder(place.dataDir)).toBeNull();
  });

  it('what needs none works: help, version, the path of the settings, completion', async (test) => {
    const place = await newPlace(test);
    const { run, json } = commandLine(test, place);
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string }).version}\n`, stderr: '' });
    expect(await run(['config', 'path'])).toEqual({ code: 0, stdout: `${path.join(place.dataDir, 'config.json')}\n`, stderr: '' });
    expect(await json('config', 'path', '--data-dir', place.root)).toEqual({ path: path.join(place.root, 'config.json') });
    expect((await run(['load', '--help'])).stdout).toBe((await run(['help', 'load'])).stdout);
    expect(await run(['__complete', '--', 'config', 'p'])).toEqual({ code: 0, stdout: 'path\twhere the settings file is; works without a running Airdock\n', stderr: '' });
    expect(await run(['__complete', '--', 'load', ''])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.for([[[], 'airdock COMMAND'], [['lod'], 'Did you mean "airdock load"?'], [['load'], 'needs NAME'], [['status', '--loud'], 'has no option --loud'], [['freeze', '--for', 'long'], '--for takes a time'], [['serve', '--port', 'x'], '--port takes a number'], [['unload'], 'either the name of a model or --idle'], [['completion', 'tcsh'], 'no completion for tcsh'], [['run', 'x'], 'The prompt is empty']] as const)(
    '%j is wrong usage: exit code 2', async ([args, words], test) => {
      const place = await newPlace(test);
      const { code, stdout, stderr } = await commandLine(test, place).run(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(words);
      expect(stderr).not.toMatch(/ {4}at |Error:/);
    },
  );
});

it('no command but serve waits for the engine to be imported', async () => {
  const dist = path.join(root, 'dist/main');
  const seen = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = await readFile(file, 'utf8');
    expect(source, file).not.toMatch(/function (createEngine|startAirdock|createWebServer)\(|from "(node-llama-cpp|systeminformation|ollama|electron)/);
    for (const [, from = ''] of source.matchAll(/^(?:import|export) (?:[^"'\n]* from )?"(\.[^"]+)"/gm)) await visit(path.resolve(path.dirname(file), from));
    // What a command imports when it is called counts too: all of them but the one that starts an Airdock.
    for (const [, from = ''] of source.matchAll(/import\("(\.[^"]+)"\)/g)) if (!/\/serve-/.test(from)) await visit(path.resolve(path.dirname(file), from));
  };
  await visit(path.join(dist, 'cli.js'));
  expect(seen.size).toBeGreaterThan(15);
});

describe('models', () => {
  it('are listed, planned, loaded, explained and unloaded, in words and as data', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const { run, json } = commandLine(test, place);
    const listed = await run(['ls']);
    expect(listed.stdout).toMatch(/^NAME +NEEDS +ON DISK +KIND +NOW\n[^]*sample-small +0\.2 GB +60 MB +31M F16 +fits\n/);
    expect((await json<{ name: string }[]>('ls')).map(({ name }) => name).sort()).toEqual(['sample-large', 'sample-medium', 'sample-small']);
    expect(await json<Plan>('plan', 'sample-small')).toMatchObject({ name: 'sample-small', canLoad: true, unloads: [] });

    expect((await run(['load', 'sample-small'])).stdout).toMatch(/^sample-small is in memory \(0\.\d GB\), loaded in \d+\.\d s\.\n$/);
    expect(await app.loaded()).toMatchObject([{ name: 'sample-small', loadedBy: 'command line' }]);
    expect(await json<LoadDone>('load', 'sample-small')).toMatchObject({ already: true, model: { name: 'sample-small' } });
    expect((await run(['status'])).stdout).toMatch(/^Airdock [^]*\n {2}sample-small +0\.\d GB +ready/);
    expect((await json<{ loaded: LoadedModel[] }>('status')).loaded).toMatchObject([{ name: 'sample-small' }]);
    expect((await run(['why', 'sample-small'])).stdout).toMatch(/^sample-small is in memory\.[^]*\n\n {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}sample-small was loaded in .*\(command line\)\n$/);
    expect(await json('why', 'sample-small')).toMatchObject({ text: expect.stringContaining('sample-small is in memory.'), entries: [{ by: 'command line' }] });

    expect(await run(['unload', 'sample-small'])).toMatchObject({ code: 0, stdout: expect.stringContaining('sample-small') });
    expect(await app.loaded()).toEqual([]);
    expect(await run(['unload', 'sample-small'])).toEqual({ code: 1, stdout: '', stderr: 'sample-small is not in memory.\n' });
  });

  it('that would drive others out are refused where nobody can be asked, and --force says yes', async (test) => {
    const place = await newPlace(test, { samples, config: { models: { max_concurrent_loaded: 1 } } });
    const app = await startApp(test, place);
    const { run } = commandLine(test, place);
    const pid = pidOf(await load(app, 'sample-small'));
    const refused = await run(['load', 'sample-medium']);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Loading sample-medium .* unloads sample-small .*\n--force says yes\.\n$/) });
    const data = await run(['load', 'sample-medium', '--json']);
    expect(data.code).toBe(1);
    expect(JSON.parse(data.stdout)).toMatchObject({ problem: { code: 'needs-room' }, plan: { unloads: [{ name: 'sample-small' }] } });
    expect(isAlive(pid)).toBe(true);
    expect((await run(['load', 'sample-medium', '--force'])).stdout).toMatch(/^sample-medium is in memory .* Unloaded for it: sample-small\.\n$/);
    expect(isAlive(pid)).toBe(false);
  });

  it('whose name is misspelt are corrected', async (test) => {
    const place = await newPlace(test, { samples });
    await startApp(test, place);
    const { run } = commandLine(test, place);
    for (const args of [['load', 'sample-smal'], ['plan', 'sample-smal'], ['why', 'sample-smal'], ['pin', 'sample-smal'], ['run', 'sample-smal', 'hello']]) {
      expect(await run(args), args.join(' ')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^No model called "sample-smal" is installed\.\nDid you mean sample-small/) });
    }
  });

  it('are cancelled by Ctrl+C while they load: exit code 130', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const loading = commandLine(test, place).start(['load', 'sample-large']);
    await until(app.loaded, (models) => models.some(({ state }) => state === 'loading'));
    loading.kill('SIGINT');
    expect(await loading.ended).toEqual({ code: 130, signal: null });
    await until(app.loaded, (models) => models.length === 0);
  });

  it('answer, and are held meanwhile', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const { run, json, start } = commandLine(test, place);
    const answer = await run(['run', 'sample-small', 'Say', 'something', '--max-tokens', '8']);
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/), stderr: 'The answer ends after 8 tokens; --max-tokens allows more.\n' });
    expect(await json('run', 'sample-small', 'Say something', '--max-tokens', '8')).toMatchObject({ model: 'llama.cpp/sample-small', tokens: 8, complete: false });
    for (const args of [['run', 'sample-small', '--max-tokens', '4'], ['run', 'sample-small', '-', '--max-tokens', '4']]) expect(await run(args, 'Say something\n')).toMatchObject({ code: 0, stdout: expect.stringMatching(/\S/) });

    // Where programs are not answered, it has the answer as a whole.
    await run(['config', 'set', 'gateway.enabled', 'false']);
    expect(await json('run', 'sample-small', 'Say something', '--max-tokens', '8')).toMatchObject({ text: expect.stringMatching(/\S/), tokens: 8, complete: false });
    await run(['config', 'set', 'gateway.enabled', 'true']);

    const long = start(['run', 'sample-small', 'hello', '--max-tokens', '8192']);
    const [held] = await until(app.loaded, ([model]) => model?.inUse === true);
    expect(held?.uses).toMatchObject([{ holder: 'airdock run' }]);
    expect(await run(['unload', 'sample-small', '--force'])).toMatchObject({ code: 1, stderr: expect.stringContaining('sample-small is in use by airdock run.') });
    long.kill('SIGINT');
    expect(await long.ended).toEqual({ code: 130, signal: null });
    await until(app.loaded, ([model]) => model?.inUse === false);
  });
});

it('keeping, freeing, freezing and pausing do what they say and can be ended', async (test) => {
  const place = await newPlace(test, { samples });
  const app = await startApp(test, place);
  const { run, json } = commandLine(test, place);
  await load(app, 'sample-small');
  const state = async () => (await app.getStatus()).state;

  expect(await run(['pin', 'sample-small'])).toEqual({ code: 0, stdout: 'sample-small is kept in memory.\n', stderr: '' });
  expect(await run(['unload', 'sample-small'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--force unloads it all the same') });
  expect(await json('unpin', 'sample-small')).toEqual({ text: 'sample-small is no longer kept in memory.' });

  expect((await run(['freeze', '--for', '2h'])).stdout).toBe('Models are frozen: nothing is loaded or unloaded.\nIt ends by itself after 2h; before that, "airdock freeze --off" ends it.\n');
  const { freeze } = await state();
  expect(freeze!.until! - freeze!.since).toBe(2 * 3_600_000);
  expect(await run(['unload', '--idle'])).toMatchObject({ code: 1, stderr: expect.stringContaining('"airdock freeze --off" ends that.') });
  expect(await run(['freeze', '--off'])).toMatchObject({ code: 0 });
  expect((await state()).freeze).toBeNull();

  expect(await run(['pause'])).toMatchObject({ code: 0, stdout: expect.stringContaining('"airdock pause --off" ends it.') });
  expect((await state()).pause).toMatchObject({ until: null });
  expect(await run(['pause', '--off'])).toMatchObject({ code: 0 });
  expect((await state()).pause).toBeNull();

  expect(await run(['unload', '--idle', '--for', '1h'])).toEqual({ code: 0, stdout: 'Nothing unused was in memory.\n', stderr: '' });
  expect(await json('unload', '--idle')).toMatchObject({ unloaded: [{ name: 'sample-small' }] });
  expect(await run(['free'])).toMatchObject({ code: 0, stdout: expect.stringContaining('"airdock free --off" ends that.') });
  expect((await state()).hold).not.toBeNull();
  expect(await run(['free', '--off'])).toMatchObject({ code: 0 });
  expect((await state()).hold).toBeNull();
  expect((await app.activity()).filter(({ kind }) => kind === 'setting').every(({ by }) => by === 'command line')).toBe(true);
});

it('settings are read, changed with their comments kept, taken back, and checked', async (test) => {
  const place = await newPlace(test, { config: '{\n  // mine\n  "models": { "max_concurrent_loaded": 1 }\n}\n' });
  await startApp(test, place);
  const { run, json } = commandLine(test, place);
  expect((await run(['config', 'get', 'models.max_concurrent_loaded'])).stdout).toBe('1\n');
  expect((await run(['config', 'get'])).stdout).toMatch(/^models\.max_concurrent_loaded +1\n[^]*\nproviders\.llama\.cpp\.gpu +auto\n/);
  expect(await json('config', 'get', 'memory')).toEqual({ reserve_gb: 0, max_ram_usage_gb: null, yield: true, yield_restore: false });
  expect(await json('config', 'get', 'all')).toMatchObject({ models: { max_concurrent_loaded: 1 } });
  expect(await run(['config', 'set', 'models.max_concurrent_loaded', '3'])).toEqual({ code: 0, stdout: 'models.max_concurrent_loaded is 3.\n', stderr: '' });
  expect(await json('config', 'set', 'models.pinned', 'a', 'b')).toEqual(['a', 'b']);
  expect((await run(['config', 'set', 'models.overrides.llama3.2.idle_timeout_seconds', 'null'])).stdout).toBe('models.overrides.llama3.2.idle_timeout_seconds is null.\n');
  expect((await run(['config', 'set', 'models.overrides.llama3.2.enabled', 'on'])).code).toBe(0);
  expect(await json('config', 'get', 'models.overrides')).toEqual({ 'llama3.2': { idle_timeout_seconds: null, enabled: true } });
  expect((await run(['config', 'set', 'models.pinned', 'null'])).stdout).toBe('models.pinned is [].\n');
  expect(await readFile(path.join(place.dataDir, 'config.json'), 'utf8')).toMatch(/\/\/ mine[^]*"max_concurrent_loaded": 3/);
  for (const args of [['get', 'models.max_loaded'], ['set', 'models.max_loaded', '3']]) {
    expect(await run(['config', ...args])).toEqual({ code: 1, stdout: '', stderr: 'There is no setting models.max_loaded.\nDid you mean models.max_concurrent_loaded?\n' });
  }
  expect(await run(['config', 'set', 'models.max_concurrent_loaded', 'many'])).toMatchObject({ code: 1, stderr: expect.stringContaining('allowed is a whole number from 1 to 64') });
});

describe('watch', () => {
  it('writes a line for each change into a pipe, and ends well at Ctrl+C', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const watching = commandLine(test, place).start(['watch']);
    await watching.says(/^\d\d:\d\d:\d\d {2}\S+ GB free · 0 of 2 models\n/m);
    await load(app, 'sample-small');
    await watching.says(/^\d\d:\d\d:\d\d {2}sample-small was loaded in /m);
    await watching.says(/· 1 of 2 models · sample-small \(0\.\d GB, ready\)\n/);
    watching.kill('SIGINT');
    expect(await watching.ended).toEqual({ code: 0, signal: null });
    expect(watching.stdout).not.toContain('\x1b');
    expect(watching.stderr).toBe('');
  });

  it('--json writes one event per line, as the event stream has them', async (test) => {
    const place = await newPlace(test, { samples });
    const app = await startApp(test, place);
    const watching = commandLine(test, place).start(['watch', '--json']);
    await watching.says(/\n/);
    await load(app, 'sample-small');
    await watching.says(/"type":"activity"[^\n]*\n/);
    watching.kill('SIGTERM');
    expect(await watching.ended).toEqual({ code: 0, signal: null });
    const events = watching.stdout.trimEnd().split('\n').map((line): ServerEvent => serverEventSchema.parse(JSON.parse(line)));
    expect(events[0]?.type).toBe('snapshot');
    expect(events.some((event) => event.type === 'state' && event.state.loaded.length === 1)).toBe(true);
  });

  it('tells when Airdock has ended: exit code 3', async (test) => {
    const place = await newPlace(test);
    const app = await startApp(test, place);
    const watching = commandLine(test, place).start(['watch']);
    await watching.says(/free/);
    await app.stop();
    expect(await watching.ended).toEqual({ code: 3, signal: null });
    expect(watching.stderr).toBe('Airdock has ended.\n');
  });
});

describe('serve', () => {
  it('starts headless, is found by the other commands, and ends at Ctrl+C', async (test) => {
    const place = await newPlace(test);
    const { start, run, json } = commandLine(test, place);
    const serving = start(['serve', '--port', '0', '--no-open']);
    const [link] = await serving.says(linkPattern);
    expect((await findHolder(place.dataDir))?.pid).toBe(serving.pid);
    expect((await run(['status'])).code).toBe(0);
    const { url } = await json<{ url: string }>('open');
    expect(url).toMatch(linkPattern);
    expect(new URL(url).origin).toBe(new URL(link).origin);
    expect((await run(['open', '--print'])).stdout).toMatch(new RegExp(`^${linkPattern.source}\n$`));
    serving.kill('SIGINT');
    expect(await serving.ended).toEqual({ code: 0, signal: null });
    expect(await findHolder(place.dataDir)).toBeNull();
    expect((await run(['status'])).code).toBe(3);
  });

  it('hands over to the Airdock that has the data folder, and says so', async (test) => {
    const place = await newPlace(test);
    const app = await startApp(test, place);
    const { run } = commandLine(test, place);
    const second = await run(['serve', '--port', '0', '--no-open']);
    expect(second).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Airdock is running already.') });
    expect(new URL(linkPattern.exec(second.stdout)?.[0] ?? '').origin).toBe(app.url);
    expect((await findHolder(place.dataDir))?.pid).toBe(app.process.pid);
  });

  it('--no-link prints nothing that signs in', async (test) => {
    const place = await newPlace(test);
    const { start, run } = commandLine(test, place);
    const serving = start(['serve', '--port', '0', '--no-open', '--no-link']);
    await serving.says(/Airdock is running at http:\/\/127\.0\.0\.1:\d+\.[^]*Ctrl\+C/);
    expect((await run(['serve', '--no-open', '--no-link'])).stdout).toMatch(/^Airdock is running already, at http:\/\/127\.0\.0\.1:\d+\.\n$/);
    expect(serving.stdout).not.toContain('code=');
  });

  it('that cannot start says why: exit code 1', async (test) => {
    const place = await newPlace(test);
    const file = path.join(place.root, 'letter');
    await writeFile(file, '');
    expect(await commandLine(test, place).run(['serve', '--data-dir', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('Airdock could not start: ') });
  });
});

describe('completion', () => {
  it.for(['bash', 'zsh', 'fish'])('prints a script for %s that asks the program itself', async (shell, test) => {
    const place = await newPlace(test);
    const { code, stdout } = await commandLine(test, place).run(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('airdock __complete -- ');
  });

  it.skipIf(process.platform === 'win32')('bash takes a colon for the end of a word, and gets what follows it', async (test) => {
    const place = await newPlace(test);
    const { stdout: completion } = await commandLine(test, place).run(['completion', 'bash']);
    const script = `${completion}
airdock() { [[ "$*" == "__complete -- load qwen3:" ]] && printf 'qwen3:8b\\t5.2 GB\\nqwen3:14b\\t9.0 GB\\n'; }
COMP_WORDBREAKS=$1 COMP_LINE="airdock load qwen3:" COMP_POINT=19
_airdock
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const replies = async (breaks: string): Promise<string> => (await promisify(execFile)('bash', ['-c', script, 'bash', breaks], { env: place.env })).stdout;
    expect(await replies(' =:')).toBe('8b\n14b\n');
    expect(await replies(' ')).toBe('qwen3:8b\nqwen3:14b\n');
  });

  it.skipIf(process.platform === 'win32')('bash completes commands, names with colons and settings', async (test) => {
    const place = await newPlace(test, { samples });
    await startApp(test, place);
    const complete = async (line: string): Promise<string[]> => {
      const script = `airdock() { "${process.execPath}" "${path.join(root, 'dist/main/cli.js')}" "$@"; }
source <(airdock completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
_airdock
printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', line], { env: place.env });
      expect(stderr).toBe('');
      return stdout.trimEnd().split('\n');
    };
    expect(await complete('airdock unp')).toEqual(['unpin']);
    expect(await complete('airdock load sample-s')).toEqual(['sample-small']);
    expect(await complete('airdock plan --json llama.cpp/sample-m')).toEqual(['llama.cpp/sample-medium']);
    expect(await complete('airdock config set models.auto_unload_idle o')).toEqual(['on', 'off']);
    expect(await complete(`airdock --data-dir ${place.root}/da`)).toEqual([place.dataDir]);
  });
});

describe.runIf(process.platform === 'linux')('service', () => {
  /** Programs of the system as the service meets them: one that notes what it is told. */
  async function withSystemctl(place: Place): Promise<() => Promise<string>> {
    const bin = path.join(place.root, 'bin');
    const log = path.join(place.root, 'told');
    await mkdir(bin);
    await writeFile(path.join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> '${log}'\n`, { mode: 0o755 });
    place.env['PATH'] = `${bin}:${place.env['PATH']}`;
    return () => readFile(log, 'utf8');
  }

  it('is written with absolute paths, started, and removed without a trace', async (test) => {
    const place = await newPlace(test);
    const told = await withSystemctl(place);
    const { run } = commandLine(test, place);
    const file = path.join(place.env['HOME'] ?? '', '.config/systemd/user/airdock.service');
    expect(await run(['service', 'install'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`Written: ${file}\n`) });
    const program = path.join(root, 'dist/main/cli.js');
    expect(await readFile(file, 'utf8')).toContain(`ExecStart="${process.execPath}" "${program}" "serve" "--no-open" "--no-link" "--data-dir" "${place.dataDir}"\n`);
    expect(await told()).toBe('--user daemon-reload\n--user enable airdock.service\n--user restart airdock.service\n');
    expect(await run(['service', 'remove'])).toMatchObject({ code: 0, stdout: `Removed: ${file}\n` });
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});
