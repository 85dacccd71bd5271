import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Download } from '../contract/index.ts';
import { startFileServer } from '../test/fakes/file-server.ts';
import { startFakeOllama, type FakeOllamaOptions } from '../test/fakes/ollama/index.ts';
import { startRegistry } from '../test/fakes/registry.ts';
import { ggufBytes } from '../test/gguf-bytes.ts';
import { tempDir } from '../test/temp-dir.ts';
import { startAirdock } from './app.ts';
import { createSampleMaker } from './providers/llama-cpp/index.ts';
import { sampleShapes } from './providers/llama-cpp/sample-model.ts';

const MB = 1024 * 1024;

/** A whole Airdock with a fake Ollama, a registry, and files at addresses. */
async function started(options: FakeOllamaOptions = {}, config: object = {}, dataDirOf?: string, host?: string) {
  const fake = await startFakeOllama({ models: [{ name: 'one', blob: 'one', loadMs: 5, ramBytes: 50 * MB }], ...options });
  const files = await startFileServer();
  const registry = await startRegistry();
  const root = dataDirOf ?? (await tempDir());
  const dataDir = path.join(root, 'data');
  await mkdir(dataDir, { mode: 0o700, recursive: true });
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify(config));
  const faults: unknown[] = [];
  const outcome = await startAirdock({ dataDir, port: 0, by: 'test', env: { HOME: root, OLLAMA_HOST: host ?? fake.url, OLLAMA_MODELS: path.join(root, 'ollama') }, onFault: (fault) => faults.push(fault) });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { airdock } = outcome;
  onTestFinished(async () => {
    await airdock.close();
    await fake.close();
    await registry.close();
    expect(faults).toEqual([]);
  });
  const context = { signal: new AbortController().signal, caller: 'dashboard' };
  const { operations } = airdock;
  const pull = (source: string) => operations.pullModel({ source }, context);
  const state = (name: string): Download | undefined => airdock.picture.state().downloads.find((one) => one.name === name);
  const ends = (name: string, as: Download['state'] = 'done') => expect.poll(() => state(name)?.state, { timeout: 10_000 }).toBe(as);
  const told = async () => (await operations.activity({ limit: 50 }, context)).entries.map(({ text }) => text);
  const names = () => airdock.picture.models().map(({ id }) => id).sort();
  const own = path.join(dataDir, 'models', 'library');
  return { airdock, operations, context, fake, files, registry, root, own, pull, state, ends, told, names };
}

const unwrap = <T>(outcome: { ok: true; value: T } | { ok: false; problem: { message: string } }): T => {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
};

it('gets a model from a registry through Ollama, shows how it goes, and lists it', async () => {
  const { operations, context, registry, pull, state, ends, told, names } = await started();
  registry.put('test/new', ggufBytes(4));
  const source = `${registry.host}/test/new`;
  const check = unwrap(await operations.checkDownload({ source }, context));
  expect(check).toMatchObject({ kind: 'ollama', installed: false, warns: false, fit: { kind: 'fits' } });
  expect(check.sentence).toMatch(/: 4 MB to download; needs about \d+ MB: fits now\.$/);
  registry.setBytesPerSecond(4 * MB);
  expect(unwrap(await pull(source))).toMatchObject({ kind: 'ollama', name: source, state: 'running' });
  await expect.poll(() => state(source)?.doneBytes).toBeGreaterThan(MB);
  expect(state(source)).toMatchObject({ state: 'running', parts: { done: 0, total: 1 } });
  registry.setBytesPerSecond(null);
  await ends(source);
  await expect.poll(names).toContain(`ollama/${source}:latest`);
  expect(await told()).toContain(`${source} (4 MB) was downloaded.`);
  expect(await operations.checkUpdate({ model: source }, context)).toEqual({ ok: true, value: { state: 'current', text: `${source} is up to date.` } });
  registry.put('test/new', ggufBytes(1));
  expect(await operations.checkUpdate({ model: source }, context)).toMatchObject({ value: { state: 'newer' } });
  expect(await operations.checkUpdate({ model: 'one' }, context)).toMatchObject({ value: { state: 'unknown' } });
});

it('tells within a second of its start that what comes will not fit, and lets it be stopped', async () => {
  const { registry, pull, state, ends, names } = await started({}, { memory: { max_ram_usage_gb: 0.04 } });
  await expect.poll(names).toContain('ollama/one:latest');
  registry.put('test/big', ggufBytes(4));
  registry.setBytesPerSecond(MB);
  const source = `${registry.host}/test/big`;
  expect(unwrap(await pull(source)).fit).toBeNull();
  const began = Date.now();
  await expect.poll(() => state(source)?.fit, { interval: 20 }).toMatchObject({ fit: { kind: 'too-big' }, diskShort: null, warns: true });
  expect(Date.now() - began).toBeLessThan(1000);
  expect(state(source)).toMatchObject({ state: 'running' });
  registry.setBytesPerSecond(null);
  await ends(source);
  expect(state(source)?.fit).toBeNull();
});

it('learns where plain names come from by what is installed, and compares with what is there now', async () => {
  const own = await startRegistry();
  onTestFinished(() => own.close());
  const text = async () => (await fetch(`http://${own.host}/v2/library/one/manifests/latest`)).text();
  const digest = own.put('library/one', ggufBytes(2));
  const root = await tempDir();
  const store = path.join(root, 'ollama', 'manifests', own.host, 'library');
  for (const [name, manifest] of [['one', await text()], ['made-here', '{"made":"here"}']] as const) {
    await mkdir(path.join(store, name), { recursive: true });
    await writeFile(path.join(store, name, 'latest'), manifest);
  }
  const here = createHash('sha256').update('{"made":"here"}').digest('hex');
  const models = [{ name: 'one', blob: 'one', digest, loadMs: 5, ramBytes: 50 * MB }, { name: 'made-here', blob: 'two', digest: here, loadMs: 5, ramBytes: 50 * MB }];
  const { operations, context, fake } = await started({ models }, {}, root);
  own.put('library/new', ggufBytes(3));
  expect(unwrap(await operations.checkDownload({ source: 'new' }, context))).toMatchObject({ name: 'new', installed: false, fit: { kind: 'fits' }, diskEnough: true });
  expect(own.requests.at(-1)?.path).toBe('/v2/library/new/manifests/latest');
  const updated = async (model: string) => unwrap(await operations.checkUpdate({ model }, context));
  expect(await updated('one')).toEqual({ state: 'current', text: 'one is up to date.' });
  // The same layers, written otherwise: nothing has changed.
  own.putManifest('library/one', JSON.stringify(JSON.parse(await text()), null, 2));
  expect(await updated('one')).toMatchObject({ state: 'current' });
  own.put('library/one', ggufBytes(1));
  expect(await updated('one')).toMatchObject({ state: 'newer' });
  expect(await updated('made-here')).toMatchObject({ state: 'gone', text: expect.stringContaining('may have been made on this computer') as string });
  expect(fake.requests.filter(({ path: asked }) => asked === '/api/pull')).toEqual([]);
});

it('stops a download, goes on with it, and has two of one source one after the other', async () => {
  const { operations, context, registry, pull, state, ends } = await started();
  registry.put('test/a', ggufBytes(8));
  registry.put('test/b', ggufBytes(1));
  registry.setBytesPerSecond(4 * MB);
  const a = `${registry.host}/test/a`;
  const b = `${registry.host}/test/b`;
  const { id } = unwrap(await pull(a));
  await pull(b);
  expect(state(b)?.state).toBe('queued');
  await expect.poll(() => state(a)?.doneBytes).toBeGreaterThan(MB);
  expect(await operations.cancelPull({ id }, context)).toMatchObject({ ok: true });
  expect(state(a)).toMatchObject({ state: 'stopped', problem: null });
  registry.setBytesPerSecond(null);
  await ends(b);
  expect(unwrap(await pull(a))).toMatchObject({ id });
  await ends(a);
  expect(await operations.cancelPull({ id }, context)).toMatchObject({ ok: true });
  expect(state(a)).toBeUndefined();
  expect(await operations.cancelPull({ id }, context)).toMatchObject({ ok: false, problem: { code: 'not-found' } });
});

it('gets a GGUF by its address, with its checksum, and deletes it again', async () => {
  const { operations, context, files, own, pull, state, ends, told, names } = await started();
  files.files.set('/dir/tiny.gguf', { bytes: ggufBytes(2) });
  const source = `${files.url}/dir/tiny.gguf?token=secret`;
  expect(unwrap(await operations.checkDownload({ source }, context))).toMatchObject({ kind: 'file', name: 'tiny', fit: { kind: 'fits' }, diskEnough: true, warns: false });
  await pull(source);
  await ends('tiny');
  expect(state('tiny')).toMatchObject({ from: `${files.url}/dir/tiny.gguf`, checksums: [{ file: 'tiny.gguf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }] });
  await expect.poll(names).toContain('llama.cpp/tiny');
  const asked = files.requests.length;
  expect(await operations.checkDownload({ source }, context)).toMatchObject({ ok: false, problem: { message: "tiny.gguf is in Airdock's folder already." } });
  expect(files.requests).toHaveLength(asked);
  expect(JSON.stringify(await told())).not.toContain('secret');
  const details = unwrap(await operations.modelDetails({ model: 'tiny' }, context));
  expect(details).toMatchObject({ architecture: 'llama', quantization: 'F16', maxContextLength: 8192, deletable: true, files: [{ path: path.join(own, 'tiny.gguf') }] });
  expect(details.contexts.map(({ contextLength }) => contextLength)).toEqual([2048, 4096, 8192]);
  expect(await operations.deleteModel({ model: 'tiny' }, context)).toEqual({ ok: true, value: { text: 'tiny was deleted.' } });
  expect(await readdir(own)).toEqual([]);
  expect(names()).not.toContain('llama.cpp/tiny');
});

it('judges a file with the context that the settings give models', async () => {
  const needsWith = async (models: object) => {
    const { operations, context, files } = await started({}, { models });
    files.files.set('/tiny.gguf', { bytes: ggufBytes(2) });
    return unwrap(await operations.checkDownload({ source: `${files.url}/tiny.gguf` }, context)).needs ?? 0;
  };
  expect(await needsWith({ context_length: 8192 })).toBeGreaterThan(await needsWith({ context_length: 2048 }));
});

it('gets all parts of a split model by the address of one', async () => {
  const { files, own, pull, ends, names, operations, context } = await started();
  const part = (no: number) => ({ bytes: ggufBytes(2 - no, { 'split.count': { type: 'uint32', value: 2 }, 'split.no': { type: 'uint32', value: no } }) });
  files.files.set('/big-00001-of-00002.gguf', part(0));
  files.files.set('/big-00002-of-00002.gguf', part(1));
  // By the first part, whichever is named: the others have no header of a model, and the last is small.
  expect(await operations.checkDownload({ source: `${files.url}/big-00002-of-00002.gguf` }, context)).toMatchObject({ ok: true, value: { name: 'big', bytes: 2 * part(0).bytes.length } });
  await pull(`${files.url}/big-00002-of-00002.gguf`);
  await ends('big');
  expect((await readdir(own)).sort()).toEqual(['big-00001-of-00002.gguf', 'big-00002-of-00002.gguf']);
  await expect.poll(names).toContain('llama.cpp/big');
});

it('knows how much all parts of a split model are, and leaves none of them behind when it is given up', async () => {
  const { operations, context, files, own, pull, state, ends, names } = await started();
  const part = (no: number, megabytes: number) => ({ bytes: ggufBytes(megabytes, { 'split.count': { type: 'uint32', value: 3 }, 'split.no': { type: 'uint32', value: no } }) });
  const [one, two, three] = [part(0, 1), part(1, 2), part(2, 1)];
  files.files.set('/big-00001-of-00003.gguf', one);
  files.files.set('/big-00002-of-00003.gguf', { ...two, etag: '"2"', holdAfter: MB });
  files.files.set('/big-00003-of-00003.gguf', three);
  const total = one.bytes.length + two.bytes.length + three.bytes.length;
  const { id } = unwrap(await pull(`${files.url}/big-00001-of-00003.gguf`));
  await expect.poll(() => state('big')).toMatchObject({ totalBytes: total, doneBytes: one.bytes.length + MB, parts: { done: 1, total: 3 } });
  await operations.cancelPull({ id }, context);
  expect((await readdir(own)).sort()).toEqual(['big-00001-of-00003.gguf', 'big-00002-of-00003.gguf.part', 'big-00002-of-00003.gguf.part.json']);
  await operations.cancelPull({ id, discard: true }, context);
  expect(await readdir(own)).toEqual([]);
  files.files.set('/big-00002-of-00003.gguf', two);
  await pull(`${files.url}/big-00001-of-00003.gguf`);
  await ends('big');
  expect(state('big')).toMatchObject({ totalBytes: total, doneBytes: total });
  await expect.poll(names).toContain('llama.cpp/big');
});

it('finds after a new start what was stopped, and goes on with it', async () => {
  const root = await tempDir();
  const first = await started({}, {}, root);
  const bytes = ggufBytes(2);
  first.files.files.set('/tiny.gguf', { bytes, etag: '"1"', holdAfter: MB });
  await first.pull(`${first.files.url}/tiny.gguf`);
  await expect.poll(() => first.state('tiny')?.doneBytes).toBe(MB);
  await first.airdock.close();
  first.files.files.set('/tiny.gguf', { bytes, etag: '"1"' });
  const second = await started({}, {}, root);
  await expect.poll(() => second.state('tiny')).toMatchObject({ state: 'stopped', doneBytes: MB, totalBytes: bytes.length });
  await second.pull(`${first.files.url}/tiny.gguf`);
  await second.ends('tiny');
  expect(first.files.requests.at(-1)?.range).toBe(`bytes=${MB}-`);
  expect((await readFile(path.join(second.own, 'tiny.gguf'))).equals(bytes)).toBe(true);
});

it('removes the half of a copy that an earlier Airdock could not finish, and counts what is here of a split model', async () => {
  const root = await tempDir();
  const own = path.join(root, 'data', 'models', 'library');
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'copied.gguf.part'), 'half');
  await writeFile(path.join(own, 'big-00001-of-00003.gguf'), ggufBytes(1));
  await writeFile(path.join(own, 'big-00002-of-00003.gguf.part'), 'GGUF');
  await writeFile(path.join(own, 'big-00002-of-00003.gguf.part.json'), JSON.stringify({ url: 'http://127.0.0.1:9/x/big-00002-of-00003.gguf', validator: '"1"', totalBytes: 99 }));
  const { state, pull } = await started({}, {}, root);
  await expect.poll(() => state('big')).toMatchObject({ state: 'stopped', doneBytes: ggufBytes(1).length + 4, totalBytes: null });
  expect(await readdir(own)).not.toContain('copied.gguf.part');
  // By the address of another part it is the same download.
  expect(await pull('http://127.0.0.1:9/x/big-00001-of-00003.gguf')).toMatchObject({ ok: true, value: { id: state('big')?.id } });
});

it('leaves what another address of the same file name is bringing', async () => {
  const { pull, state, ends, files, operations, context } = await started();
  files.files.set('/a/m.gguf', { bytes: ggufBytes(1), etag: '"1"', holdAfter: 1000 });
  files.files.set('/b/m.gguf', { bytes: ggufBytes(2), etag: '"2"' });
  await pull(`${files.url}/a/m.gguf`);
  await files.held();
  expect(await pull(`${files.url}/b/m.gguf`)).toMatchObject({ ok: false, problem: { code: 'bad-request', message: `Another m is on its way, from ${files.url}/a/m.gguf.` } });
  await operations.cancelPull({ id: state('m')!.id, discard: true }, context);
  expect(await pull(`${files.url}/b/m.gguf`)).toMatchObject({ ok: true });
  await ends('m');
});

it('warns before what is too big, and is no wall', async () => {
  const { operations, context, registry, pull } = await started({}, { memory: { max_ram_usage_gb: 4 } });
  const huge = 60 * 1024 ** 3;
  registry.putManifest('test/huge', JSON.stringify({ config: { digest: 'sha256:1', mediaType: 'c', size: 10 }, layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: 'sha256:2', size: huge }] }));
  const source = `${registry.host}/test/huge`;
  const check = unwrap(await operations.checkDownload({ source }, context));
  expect(check).toMatchObject({ bytes: huge + 10, fit: { kind: 'too-big' }, warns: true });
  expect(check.sentence).toMatch(/60\.0 GB to download; needs about [\d.]+ GB: too big for this computer by [\d.]+ GB/);
  expect((await pull(source)).ok).toBe(true);
});

it('writes down what a program downloads that will not fit, and lets it', async () => {
  const { airdock, fake, registry, told } = await started({}, { memory: { max_ram_usage_gb: 4 } });
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${'2'.repeat(64)}`, size: 60 * 1024 ** 3 }];
  registry.putManifest('test/huge', JSON.stringify({ config: { digest: `sha256:${'1'.repeat(64)}`, mediaType: 'c', size: 10 }, layers }));
  const key = (await readFile(airdock.appsKeyFile, 'utf8')).trim();
  const leaving = new AbortController();
  const asked = fetch(`${airdock.url}/api/pull`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'user-agent': 'shell/1' }, body: JSON.stringify({ model: `${registry.host}/test/huge` }), signal: leaving.signal });
  await expect.poll(() => told().then((texts) => texts.some((text) => /downloads .*huge: 60\.0 GB to download; .*too big for this computer/.test(text)))).toBe(true);
  expect(fake.requests.some((request) => request.path === '/api/pull')).toBe(true);
  leaving.abort();
  await asked.then((answer) => answer.text()).catch(() => undefined);
});

it('unloads a model before it deletes it, and deletes only the name where another has the same weights', async () => {
  const { airdock, operations, context, fake, names } = await started({ models: [{ name: 'one', blob: 'one', loadMs: 5, ramBytes: 50 * MB }, { name: 'alias', blob: 'one', loadMs: 5, ramBytes: 50 * MB }] });
  await airdock.manager.loadModel('one');
  expect(await operations.deleteModel({ model: 'alias' }, context)).toEqual({ ok: true, value: { text: 'The name alias was deleted; the model stays as one.' } });
  expect(fake.runners().filter(({ alive }) => alive)).toHaveLength(1);
  expect(await operations.deleteModel({ model: 'one' }, context)).toEqual({ ok: true, value: { text: 'one was deleted.' } });
  expect(fake.runners().filter(({ alive }) => alive)).toHaveLength(0);
  expect(names()).toEqual([]);
  const order = fake.requests.map((request) => `${request.method} ${request.path} ${String((request.body as { keep_alive?: unknown } | undefined)?.keep_alive ?? '')}`);
  expect(order.findIndex((one) => one === 'POST /api/generate 0')).toBeLessThan(order.lastIndexOf('DELETE /api/delete '));
});

it('does not delete what is in use, nor what is kept without a yes', async () => {
  const { airdock, operations, context, names } = await started();
  const used = airdock.manager.use('one', async () => {
    expect(await operations.deleteModel({ model: 'one', confirm: true }, context)).toMatchObject({ ok: false, problem: { code: 'in-use' } });
  });
  await used;
  await operations.pin({ model: 'one', pinned: true }, context);
  expect(await operations.deleteModel({ model: 'one' }, context)).toMatchObject({ ok: false, problem: { code: 'pinned' } });
  expect(names()).toEqual(['ollama/one:latest']);
  expect(await operations.deleteModel({ model: 'one', confirm: true }, context)).toMatchObject({ ok: true });
});

it('takes a file in, as a copy or as a second name, and leaves the user’s own folders alone', async () => {
  const { operations, context, root, own, ends, names } = await started();
  const folder = path.join(root, 'mine');
  await mkdir(folder);
  const bytes = ggufBytes(1);
  await writeFile(path.join(folder, 'a.gguf'), bytes);
  await writeFile(path.join(folder, 'b.gguf'), bytes);
  await writeFile(path.join(folder, 'page.gguf'), '<html>');
  const take = (name: string, link = false) => operations.importModel({ path: path.join(folder, name), link }, context);
  expect(await take('a.gguf')).toMatchObject({ ok: true, value: { kind: 'import', name: 'a' } });
  await ends('a');
  expect(await take('b.gguf', true)).toMatchObject({ ok: true });
  await ends('b');
  await expect.poll(names).toEqual(['llama.cpp/a', 'llama.cpp/b', 'ollama/one:latest']);
  expect((await readFile(path.join(own, 'a.gguf'))).equals(bytes)).toBe(true);
  expect(await take('a.gguf')).toMatchObject({ ok: false, problem: { message: 'a.gguf is in Airdock\'s folder already.' } });
  expect(await take('page.gguf')).toMatchObject({ ok: false, problem: { code: 'bad-file' } });
  expect(await take('none.gguf')).toMatchObject({ ok: false, problem: { code: 'bad-file' } });
  expect(await operations.importModel({ path: 'a.gguf' }, context)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  expect(await operations.importModel({ path: folder }, context)).toMatchObject({ ok: false, problem: { message: expect.stringContaining('is a folder') as string } });
  expect(await operations.deleteModel({ model: 'b' }, context)).toMatchObject({ ok: true });
  expect((await readdir(folder)).sort()).toEqual(['a.gguf', 'b.gguf', 'page.gguf']);
  await operations.addFolder({ path: folder }, context);
  await operations.deleteModel({ model: 'a' }, context);
  const mine = await expect.poll(names).toContain('llama.cpp/b').then(() => operations.deleteModel({ model: 'llama.cpp/b' }, context));
  expect(mine).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
});

it('refuses what is neither a name nor an address', async () => {
  const { pull, operations, context } = await started();
  for (const source of ['a b', 'file:///etc/passwd', 'https://me:pw@x.example/a.gguf', '../../x']) expect(await pull(source), source).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  expect(await operations.checkDownload({ source: 'nothing-like-that' }, context)).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
  expect(await operations.modelDetails({ model: 'nothing' }, context)).toMatchObject({ ok: false, problem: { code: 'unknown-model' } });
});

it('says so where Ollama is switched off, and downloads files all the same', async () => {
  const { files, pull, ends } = await started({}, { providers: { ollama: { enabled: false } } });
  expect(await pull('llama3.2')).toMatchObject({ ok: false, problem: { code: 'provider-down' } });
  files.files.set('/tiny.gguf', { bytes: ggufBytes(1) });
  await pull(`${files.url}/tiny.gguf`);
  await ends('tiny');
});

const realHost = process.env['AIRDOCK_TEST_OLLAMA_HOST'];

it.runIf(realHost !== undefined)('a real Ollama: pulls from a registry, stops, goes on, and deletes the model while it is loaded', { timeout: 120_000 }, async () => {
  const { airdock, operations, context, registry, pull, state, ends, names } = await started({}, {}, undefined, realHost);
  const made = await createSampleMaker({ dir: await tempDir(), shapes: sampleShapes.slice(0, 1) }).make({ signal: context.signal });
  if (!made.ok) throw new Error(made.problem.message);
  registry.put('test/real', await readFile(made.files[0]!));
  const source = `${registry.host}/test/real`;
  const ask = (path: string) => fetch(`http://${realHost}${path}`).then((answer) => answer.text());
  onTestFinished(async () => void (await fetch(`http://${realHost}/api/delete`, { method: 'DELETE', body: JSON.stringify({ model: source }) })));
  registry.setBytesPerSecond(8 * MB);
  const { id } = unwrap(await pull(source));
  await expect.poll(() => state(source)?.bytesPerSecond, { timeout: 10_000 }).toBeGreaterThan(0);
  await operations.cancelPull({ id }, context);
  expect(state(source)?.doneBytes).toBeGreaterThan(0);
  registry.setBytesPerSecond(null);
  await operations.resumePull({ id }, context);
  await ends(source);
  await expect.poll(names).toContain(`ollama/${source}:latest`);

  expect(await airdock.manager.loadModel(source, { force: true })).toMatchObject({ ok: true });
  expect(await ask('/api/ps')).toContain(source);
  expect(await operations.deleteModel({ model: source }, context)).toEqual({ ok: true, value: { text: `${source} was deleted.` } });
  expect(await ask('/api/ps')).not.toContain(source);
  expect(await ask('/api/tags')).not.toContain(source);
  expect(names()).not.toContain(`ollama/${source}:latest`);
});
