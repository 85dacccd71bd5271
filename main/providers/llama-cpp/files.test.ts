import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { createLlamaCppProvider } from './index.ts';
import { layOutSample } from './sample-model.ts';

it('the files of a split model are all its parts, in the order in which they are loaded', async () => {
  const root = await tempDir();
  const folder = path.join(root, 'models');
  await mkdir(folder);
  const layout = layOutSample({ name: 'x', layers: 1, embedding: 64, feedForward: 64, heads: 2, kvHeads: 1, contextLength: 512, seed: 1 }, { extra: { 'split.count': { type: 'uint32', value: 3 } } });
  const whole = new Uint8Array(layout.totalBytes);
  whole.set(layout.header);
  const parts = [1, 2, 3].map((part) => path.join(folder, `big-0000${part}-of-00003.gguf`));
  for (const part of [...parts].reverse()) await writeFile(part, whole);
  const provider = createLlamaCppProvider({
    dataDir: root,
    directories: () => [folder],
    contextLengthFor: () => 512,
    childEntry: '/nonexistent',
    readResident: () => null,
    surroundings: { home: '/nonexistent', platform: process.platform, env: {} },
  });
  onTestFinished(() => provider.stop());
  const { models } = await provider.poll({ catalog: true, signal: new AbortController().signal });
  expect(models?.map((model) => provider.filesOf?.(model.weights))).toEqual([parts]);
  expect(provider.filesOf?.('gguf:/elsewhere')).toEqual([]);
});
