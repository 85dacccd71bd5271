import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { iconFile, iconNames } from '../../main/desktop/tray/icons.ts';
import type { LoadMessage } from '../../main/providers/llama-cpp/messages.ts';
import { startModelProcess } from '../../main/providers/llama-cpp/model-process.ts';
import { forkNodeChild } from '../../main/providers/llama-cpp/spawn-child.ts';
import { root } from './build-app.ts';

/*
 * The desktop app is packed for real, by electron-builder and electron-builder.yml, around a stand-in for Electron's binary:
 * a file with the fuse wire that electron-builder looks for. What is inside is what would be shipped.
 */
const mb = 1024 * 1024;
let work: string;
let unpacked: string;
let archive: string;
let files: string[];

beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'airdock-package-'));
  const dist = await standInDist(path.join(work, 'electron'));
  const output = path.join(work, 'release');
  const args = ['scripts/package.mjs', '--linux', 'dir', '--x64', `-c.directories.output=${output}`];
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist }, maxBuffer: 16 * mb }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`Packing failed:\n${error.stdout ?? ''}${error.stderr ?? ''}`);
    },
  );
  unpacked = path.join(output, 'linux-unpacked');
  archive = path.join(unpacked, 'resources/app.asar');
  files = listPackage(archive, { isPack: false }).map((name) => name.replace(/^[\\/]/, '').replaceAll('\\', '/'));
}, 180_000);
afterAll(() => rm(work, { recursive: true, force: true }));

/** What an unpacked Electron for Linux looks like to electron-builder; every fuse in its factory state. */
async function standInDist(dir: string): Promise<string> {
  await mkdir(path.join(dir, 'locales'), { recursive: true });
  await mkdir(path.join(dir, 'resources'));
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  const wire = Buffer.from([1, 9, ...Buffer.from('101100101')]);
  await writeFile(path.join(dir, 'electron'), Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(64), Buffer.from(sentinel), wire, Buffer.alloc(64)]), { mode: 0o755 });
  for (const name of ['en-US', 'de', 'fr']) await writeFile(path.join(dir, `locales/${name}.pak`), name);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) await writeFile(path.join(dir, name), name);
  return dir;
}

/** The archive and what lies beside it, as Electron sees both. */
async function extracted(): Promise<string> {
  const app = path.join(work, 'app');
  await rm(app, { recursive: true, force: true });
  extractAll(archive, app);
  return app;
}

async function bytesOf(names: string[]): Promise<number> {
  const sizes = await Promise.all(names.map((name) => stat(name).then((info) => (info.isFile() ? info.size : 0))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('the packed desktop app', () => {
  it('has its entry, its bridge, its page, its pictures and its licence', () => {
    const wanted = ['package.json', 'LICENSE', 'dist/main/index.js', 'dist/main/llama-child.js', 'dist/preload/index.cjs', 'dist/renderer/index.html'];
    expect(files).toEqual(expect.arrayContaining(wanted));
    const icons = (['darwin', 'linux', 'win32'] as const).flatMap((platform) => iconNames.map((name) => `assets/tray/${iconFile(platform, name).replaceAll('\\', '/')}`));
    expect(icons.filter((name) => !files.includes(name))).toEqual([]);
  });

  it('has nothing of sources, tests, benchmarks or tools', () => {
    const own = files.filter((name) => !name.startsWith('node_modules'));
    expect(own.filter((name) => !/^(package\.json|LICENSE|dist(\/(main|preload|renderer)(\/.*)?)?|assets(\/tray(\/.*)?)?)$/.test(name))).toEqual([]);
    expect(own.filter((name) => /\.(ts|tsx|map)$/.test(name))).toEqual([]);
    const tools = ['electron', 'electron-builder', 'vite', 'vitest', 'playwright', 'typescript', 'react', 'axe-core', 'knip'];
    expect(files.filter((name) => tools.some((tool) => name === `node_modules/${tool}`))).toEqual([]);
  });

  it('has what the built files import', async () => {
    const modules = new Set(files.filter((name) => name.startsWith('node_modules/')).map((name) => name.split('/').slice(1, name.split('/')[1]?.startsWith('@') ? 3 : 2).join('/')));
    const built = files.filter((name) => /^dist\/main\/.*\.js$/.test(name));
    const text = (await Promise.all(built.map((name) => readFile(path.join(root, name), 'utf8')))).join('\n');
    const imported = [...text.matchAll(/(?:from|import\()\s*"([^".][^"]*)"/g)].map((match) => match[1] ?? '').filter((name) => !name.startsWith('node:') && name !== 'electron');
    const packages = new Set(imported.map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')).filter((name) => !builtinModules.includes(name)));
    expect(packages.size).toBeGreaterThan(2);
    expect([...packages].filter((name) => !modules.has(name))).toEqual([]);
  });

  it('has every file of its own that another one imports', () => {
    const built = files.filter((name) => /^dist\/main\/.*\.js$/.test(name));
    const missing = built.flatMap((name) => {
      const text = extractFile(archive, name).toString('utf8');
      const imported = [...text.matchAll(/(?:from|import|import\()\s*"(\.[^"]+)"/g)].map((match) => path.posix.join(path.posix.dirname(name), match[1] ?? ''));
      return imported.filter((file) => !files.includes(file)).map((file) => `${name} → ${file}`);
    });
    expect(built.length).toBeGreaterThan(3);
    expect(missing).toEqual([]);
  });

  it('starts from the archive as far as Electron is asked for', async () => {
    const app = await extracted();
    // Everything that index.js imports is loaded before its own code runs, which then asks for Electron.
    const script = `import(${JSON.stringify(pathToFileURL(path.join(app, 'dist/main/index.js')).href)}).then(() => console.log('started'), (error) => console.log(error.message))`;
    const module = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    const electron = module(`export default { get app() { throw new Error('asked for Electron'); } };`);
    const hook = module(`export const resolve = (name, context, next) => (name === 'electron' ? { url: ${JSON.stringify(electron)}, shortCircuit: true } : next(name, context));`);
    const register = module(`import { register } from 'node:module'; register(${JSON.stringify(hook)});`);
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', register, '--input-type=module', '--eval', script], { cwd: app });
    expect(stdout.trim()).toBe('asked for Electron');
  });

  it('has llama.cpp for this platform alone, outside of the archive', async () => {
    const builds = new Set(files.flatMap((name) => /^node_modules\/@node-llama-cpp\/([^/]+)/.exec(name)?.[1] ?? []));
    expect([...builds].filter((name) => !name.startsWith('linux-x64'))).toEqual([]);
    expect(builds).toContain('linux-x64');
    const native = files.filter((name) => /\.(node|so(\.\d+)*|dll|dylib)$/.test(name));
    expect(native.length).toBeGreaterThan(0);
    for (const name of native) await stat(path.join(`${archive}.unpacked`, name));
  });

  it('is as small as it can be', async () => {
    expect((await stat(archive)).size).toBeLessThan(16 * mb);
    const outside = files.map((name) => path.join(`${archive}.unpacked`, name));
    const there = (await Promise.all(outside.map((name) => stat(name).then(() => [name], () => [])))).flat();
    expect(await bytesOf(there)).toBeLessThan(140 * mb);
  });

  it('has its fuses blown: no Node from outside, only its own archive, checked', async () => {
    const [off, on] = ['0'.charCodeAt(0), '1'.charCodeAt(0)];
    const wire = await getCurrentFuseWire(path.join(unpacked, 'airdock'));
    expect(wire[FuseV1Options.RunAsNode]).toBe(off);
    expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off);
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(off);
    expect(wire[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(off);
    expect(wire[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]).toBe(off);
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on);
    expect(wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(on);
    expect(wire[FuseV1Options.EnableCookieEncryption]).toBe(on);
  });

  it('runs a model with what was packed', async () => {
    const app = await extracted();
    const order: LoadMessage = { type: 'load', file: inject('sampleFiles')[0] ?? '', contextLength: 256, embedding: false, batch: 256, gpu: false, gpuLayers: 0, useMmap: true, threads: 1 };
    const model = startModelProcess(forkNodeChild(path.join(app, 'dist/main/llama-child.js')), order, () => undefined);
    const started = await model.started;
    expect(started.ok ? 'started' : started.failed ?? started.ending).toBe('started');
    const work = { input: { kind: 'prompt', prompt: 'Hello', template: true }, maxTokens: 3, stop: [], sampling: { temperature: 0 }, grammar: null } as const;
    expect(await model.generate(work, new AbortController().signal, () => undefined)).toMatchObject({ ok: true, done: { completionTokens: 3 } });
    await model.end(1_000);
  });
});
