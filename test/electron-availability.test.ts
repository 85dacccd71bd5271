import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { electronHere } from './electron/availability.mjs';
import { tempDir } from './temp-dir.ts';

it('finds the binary that the package has, the one that is named, and says what is missing', async () => {
  const dir = await tempDir();
  const own = path.join(dir, 'package');
  const other = path.join(dir, 'other');
  await mkdir(path.join(own, 'dist'), { recursive: true });
  await mkdir(other);
  const screen = { DISPLAY: ':0' };
  expect(electronHere(screen, own, 'linux')).toEqual({ executable: null, why: 'no Electron binary here' });
  await writeFile(path.join(own, 'path.txt'), 'electron');
  expect(electronHere(screen, own, 'linux').executable).toBeNull();
  await writeFile(path.join(own, 'dist/electron'), '');
  expect(electronHere(screen, own, 'linux')).toEqual({ executable: path.join(own, 'dist/electron'), why: null });
  expect(electronHere({}, own, 'linux').why).toMatch(/no display here/);
  expect(electronHere({ ...screen, ELECTRON_OVERRIDE_DIST_PATH: other }, own, 'linux').executable).toBeNull();
  await writeFile(path.join(other, 'electron.exe'), '');
  expect(electronHere({ ELECTRON_OVERRIDE_DIST_PATH: other }, own, 'win32').executable).toBe(path.join(other, 'electron.exe'));
});
