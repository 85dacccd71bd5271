import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { candidateFolders, findKnownFolders } from './known-folders.ts';

describe('folders of other programs', () => {
  it('are those that exist', async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'airdock-home-'));
    try {
      const lmStudio = path.join(home, '.lmstudio', 'models');
      await mkdir(lmStudio, { recursive: true });
      await mkdir(path.join(home, 'cache', 'llama.cpp'), { recursive: true });
      expect(await findKnownFolders({ home, platform: 'linux', env: { XDG_CACHE_HOME: path.join(home, 'cache') } })).toEqual([
        { path: lmStudio, label: 'LM Studio' },
        { path: path.join(home, 'cache', 'llama.cpp'), label: 'llama.cpp' },
      ]);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  it('differ by system', () => {
    const paths = (platform: NodeJS.Platform, env = {}) => candidateFolders({ home: '/h', platform, env }).map((folder) => folder.path);
    expect(paths('darwin')).toContain('/h/Library/Caches/llama.cpp');
    expect(paths('win32', { LOCALAPPDATA: '/local' })).toContain('/local/llama.cpp');
    expect(paths('linux', { LLAMA_CACHE: '/big/disk' })).toContain('/big/disk');
  });
});
