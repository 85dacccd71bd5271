import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { originOf, usualHost } from './manifests.ts';
import { parseModelName } from './model-name.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A store with these manifests. */
async function store(files: Record<string, string>): Promise<string> {
  const root = await tempDir();
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, 'manifests', file)), { recursive: true });
    await writeFile(path.join(root, 'manifests', file), text);
  }
  return root;
}
const name = (text: string) => parseModelName(text)!;

it('learns from the store where a model came from, if that is the one that is listed', async () => {
  const root = await store({ 'models.example/library/llama/8b': 'one', 'other.example/library/llama/8b': 'two', 'models.example/me/own/latest': 'three' });
  expect(await originOf(root, name('llama:8b'), sha256('two'))).toEqual({ host: 'other.example', text: 'two' });
  expect(await originOf(root, name('llama:8b'), `sha256:${sha256('one')}`)).toEqual({ host: 'models.example', text: 'one' });
  expect(await originOf(root, name('me/own'), sha256('three'))).toMatchObject({ host: 'models.example' });
  // Another Ollama's store, or one that was left behind.
  expect(await originOf(root, name('llama:8b'), sha256('else'))).toBeNull();
  expect(await originOf(root, name('models.example/library/llama:8b'), sha256('two'))).toBeNull();
  expect(await originOf(path.join(root, 'nowhere'), name('llama:8b'), sha256('one'))).toBeNull();
});

it('learns where plain names come from by one that is installed, and asks no folder that is no host', async () => {
  const root = await store({ 'models.example/library/llama/8b': 'one', '.hidden/library/small/latest': 'two', 'a b/library/small/latest': 'two' });
  const llama = { name: 'llama:8b', digest: sha256('one') };
  const small = { name: 'small:latest', digest: sha256('two') };
  expect(await usualHost(root, [{ name: 'x.example/a/b:latest', digest: sha256('one') }, small, llama])).toBe('models.example');
  expect(await usualHost(root, [small])).toBeNull();
  expect(await usualHost(root, [])).toBeNull();
});

it('reads no file that is too large for a manifest', async () => {
  const text = 'x'.repeat(1024 * 1024 + 1);
  const root = await store({ 'models.example/library/llama/8b': text });
  expect(await originOf(root, name('llama:8b'), sha256(text))).toBeNull();
});
