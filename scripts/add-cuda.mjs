// Fetches node-llama-cpp's CUDA builds, which `npm ci` leaves out (several hundred MB that only NVIDIA users need).
//   npm run add-cuda             fetch and unpack
//   npm run add-cuda -- --remove take them away again
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const scope = path.join(root, 'node_modules', '@node-llama-cpp');

/** Platforms for which node-llama-cpp publishes CUDA builds. */
const builds = { 'linux-x64': 'linux-x64-cuda', 'win32-x64': 'win-x64-cuda' };

const build = builds[`${process.platform}-${process.arch}`];
if (build === undefined) {
  fail(`node-llama-cpp has no CUDA build for ${process.platform} on ${process.arch}; there are builds for Linux and Windows on x64 only. Nothing was changed.`);
}
const names = [build, `${build}-ext`];

try {
  if (process.argv.includes('--remove')) await remove();
  else await add();
} catch (error) {
  fail(`The CUDA builds could not be added: ${oneLine(error)}`);
}

async function add() {
  const version = await installedVersion(path.join(root, 'node_modules', 'node-llama-cpp'));
  if (version === null) fail('node-llama-cpp is not installed yet: run `npm ci` first.');
  const missing = [];
  for (const name of names) if ((await installedVersion(path.join(scope, name))) !== version) missing.push(name);
  if (missing.length === 0) {
    console.log(`The CUDA builds of node-llama-cpp ${version} are here already.`);
    return;
  }
  console.log(`Fetching ${missing.map((name) => `@node-llama-cpp/${name}@${version}`).join(' and ')} with npm. They take several hundred MB on disk.`);
  await mkdir(scope, { recursive: true });
  // Beside its destination: a rename within one file system cannot leave half a package.
  const temporary = await mkdtemp(path.join(root, 'node_modules', '.add-cuda-'));
  try {
    const ready = [];
    for (const name of missing) ready.push(await fetchPackage(name, version, temporary));
    for (const { name, unpacked, bytes } of ready) {
      const target = path.join(scope, name);
      await rm(target, { recursive: true, force: true });
      await rename(unpacked, target);
      console.log(`Added @node-llama-cpp/${name} ${version}: ${megabytes(bytes)} in ${path.relative(root, target)}`);
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  console.log('Models that are loaded from now on use CUDA where the driver allows it. `npm ci` removes the builds again: run this once more after it.');
}

/** Fetches a package with npm, which checks its integrity, and unpacks it. */
async function fetchPackage(name, version, temporary) {
  const into = await mkdtemp(path.join(temporary, `${name}-`));
  const { stdout } = await npm(['pack', `@node-llama-cpp/${name}@${version}`, '--json', '--pack-destination', into], temporary);
  const file = (await readdir(into)).find((entry) => entry.endsWith('.tgz'));
  if (file === undefined) throw new Error(`npm fetched nothing for ${name}`);
  const archive = path.join(into, file);
  const { size } = await stat(archive);
  // With an npm that does not tell the unpacked size the archive's own has to do.
  const bytes = unpackedSize(stdout) ?? size;
  console.log(`Fetched @node-llama-cpp/${name}: ${megabytes(size)} to unpack`);
  // tar is part of Linux distributions and of Windows 10 and later.
  await run('tar', ['-xzf', file], { cwd: into });
  await rm(archive);
  const unpacked = path.join(into, 'package');
  if ((await installedVersion(unpacked)) !== version) throw new Error(`npm delivered another version of ${name} than ${version}`);
  return { name, unpacked, bytes };
}

async function remove() {
  for (const name of names) {
    const target = path.join(scope, name);
    const found = (await installedVersion(target)) !== null;
    await rm(target, { recursive: true, force: true });
    console.log(found ? `Removed @node-llama-cpp/${name}` : `@node-llama-cpp/${name} was not there`);
  }
}

/** npm's own script runs under this Node, so that no shell is needed for `npm.cmd` on Windows. */
function npm(args, cwd) {
  const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? run(process.execPath, [cli, ...args], options) : run('npm', args, options);
}

async function installedVersion(directory) {
  try {
    return JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8')).version ?? null;
  } catch {
    return null;
  }
}

function unpackedSize(json) {
  try {
    const size = JSON.parse(json)[0]?.unpackedSize;
    return typeof size === 'number' ? size : null;
  } catch {
    return null;
  }
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

/** The line of an npm failure that says why. */
function oneLine(error) {
  const lines = String(error?.stderr || error?.message || error).split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim()).filter((line) => line !== '' && !/^npm warn/i.test(line));
  return lines.find((line) => !/^code /.test(line)) ?? 'unknown error';
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
