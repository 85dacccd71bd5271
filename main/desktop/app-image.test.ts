import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '../../test/temp-dir.ts';
import { ownAppImage } from './app-image.ts';

const APPIMAGE = '/home/me/Airdock.AppImage';

it('is the file that the app runs from', () => {
  expect(ownAppImage({ APPIMAGE, APPDIR: '/tmp/.mount_AirdocX' }, '/tmp/.mount_AirdocX/airdock')).toBe(APPIMAGE);
});

it.each([
  ['that of the terminal it was started in', { APPIMAGE: '/home/me/Editor.AppImage', APPDIR: '/tmp/.mount_EditorX' }],
  ['one whose name begins alike', { APPIMAGE: '/home/me/Editor.AppImage', APPDIR: '/opt/Air' }],
  ['half a word of one', { APPIMAGE }],
  ['none', { APPDIR: '/opt/Airdock' }],
])('is not %s', (_what, env) => {
  expect(ownAppImage(env, '/opt/Airdock/airdock')).toBeNull();
});

it('finds its way through links', async () => {
  const dir = await tempDir();
  const mount = path.join(dir, 'real', 'mount');
  await mkdir(mount, { recursive: true });
  await writeFile(path.join(mount, 'airdock'), '');
  await symlink(path.join(dir, 'real'), path.join(dir, 'link'));
  expect(ownAppImage({ APPIMAGE, APPDIR: path.join(dir, 'link', 'mount') }, path.join(mount, 'airdock'))).toBe(APPIMAGE);
});
