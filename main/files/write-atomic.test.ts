import { execFile } from 'node:child_process';
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bundle, bundleForNode } from '../../test/bundle-for-node.ts';
import { writeFileAtomic } from './write-atomic.ts';

const posix = process.platform !== 'win32';
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'airdock-atomic-'));
  file = path.join(folder, 'config.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('creates, then replaces, and leaves nothing else in the folder', async () => {
    await writeFileAtomic(file, 'one');
    await writeFileAtomic(file, new TextEncoder().encode('two'));
    expect(await readFile(file, 'utf8')).toBe('two');
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it.runIf(posix)('sets the mode exactly, and otherwise keeps what the file had', async () => {
    await writeFileAtomic(file, 'secret', { mode: 0o600 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o666);
    await writeFileAtomic(file, 'kept');
    expect((await stat(file)).mode & 0o777).toBe(0o666);
  });

  it.runIf(posix)('writes through a symlink', async () => {
    const target = path.join(folder, 'real.json');
    await writeFile(target, 'old');
    await symlink(target, file);
    await writeFileAtomic(file, 'new');
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).toBe('new');
  });

  it('rejects with the code of the system, and leaves no temporary file', async () => {
    await expect(writeFileAtomic(path.join(folder, 'none', 'x.json'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(writeFileAtomic(folder, 'x')).rejects.toMatchObject({ code: expect.stringMatching(/EISDIR|ENOTEMPTY|EPERM|EEXIST|EBUSY/) });
    expect((await readdir(path.dirname(folder))).filter((name) => name.startsWith(`.${path.basename(folder)}.`))).toEqual([]);
  });

  describe.runIf(process.platform === 'linux')('where the system refuses', () => {
    const script = 'import(process.argv[1]).then((m) => m.writeFileAtomic(process.argv[2], "x".repeat(1 << 20))).then(() => console.log("written"), (e) => console.log(e.code))';
    let bundle: Bundle;
    beforeAll(async () => {
      bundle = await bundleForNode(path.join(import.meta.dirname, 'write-atomic.ts'));
    });
    afterAll(() => bundle.remove());

    const writeIn = async (shell: string, wrapper: string[] = []) => {
      const command = [...wrapper, '/bin/sh', '-c', `${shell}; "$0" -e "$1" "$2" "$3"; ls -A "$4"; cat "$3"`, process.execPath, script, bundle.file, file, folder];
      const { stdout } = await promisify(execFile)(command[0] ?? '', command.slice(1));
      return stdout.trim().split('\n');
    };

    it('a file size limit is EFBIG, the old file stays', async () => {
      await writeFile(file, 'old');
      expect(await writeIn('ulimit -f 8; trap "" XFSZ')).toEqual(['EFBIG', 'config.json', 'old']);
    });

    it('a full disk is ENOSPC, the old file stays', async ({ skip }) => {
      // A small file system of its own, in a mount namespace that ends with the process.
      const unshare = ['unshare', '--user', '--map-root-user', '--mount'];
      await promisify(execFile)('unshare', [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'none', folder]).catch(() => skip('SKIPPED: no mount namespaces here, so no full disk'));
      expect(await writeIn('mount -t tmpfs -o size=256k none "$4" && printf old > "$3"', unshare)).toEqual(['ENOSPC', 'config.json', 'old']);
    });

    it('a folder that may not be written is EACCES, the old file stays', async ({ skip }) => {
      if (process.getuid?.() === 0) skip('SKIPPED: root may write everywhere');
      await writeFile(file, 'old');
      await chmod(folder, 0o500);
      await expect(writeFileAtomic(file, 'x')).rejects.toMatchObject({ code: 'EACCES' });
      await chmod(folder, 0o700);
      expect(await readFile(file, 'utf8')).toBe('old');
    });
  });

  it('temporary files of a killed writer go once they are old', async () => {
    const old = path.join(folder, '.config.json.1-aa.tmp');
    const young = path.join(folder, '.config.json.2-bb.tmp');
    await writeFile(old, '');
    await writeFile(young, '');
    await utimes(old, new Date(0), new Date(0));
    await writeFileAtomic(file, 'x');
    expect((await readdir(folder)).sort()).toEqual(['.config.json.2-bb.tmp', 'config.json']);
  });
});
