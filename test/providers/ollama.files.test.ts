import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAhead } from '../../main/providers/read-ahead.ts';
import { createReplaceableProvider } from '../../main/providers/replaceable.ts';
import { fakeSubject, list, modelOf, providerFor } from './ollama-subject.ts';

const blobOf = (name: string) => `/models/blobs/sha256-${createHash('sha256').update(`blob ${name}`).digest('hex')}`;

async function started(options: Parameters<typeof providerFor>[1] = {}, host = (url: string) => url) {
  const { fake } = await fakeSubject('0.33', { models: [{ name: 'one', blob: 'one' }, { name: 'alias', blob: 'one' }] });
  const provider = providerFor(host(fake.url), options);
  onTestFinished(async () => {
    await provider.stop();
    await fake.close();
  });
  return provider;
}

describe('the file of a model in Ollama', () => {
  it.skipIf(process.platform !== 'linux')('is the blob that its modelfile names, whichever name the model has', async () => {
    const provider = await started();
    for (const name of ['one:latest', 'alias:latest']) expect(provider.filesOf?.((await modelOf(provider, name)).weights)).toEqual([blobOf('one')]);
    expect(provider.filesOf?.('ollama:sha256-unknown')).toEqual([]);
  });

  it('is none of this computer’s where its memory is not, nor on systems where its processes are not seen', async () => {
    for (const options of [{ memory: 'own' as const }, { platform: 'darwin' as const }, { platform: 'win32' as const }]) {
      const provider = await started(options);
      expect(provider.filesOf?.((await modelOf(provider, 'one:latest')).weights)).toEqual([]);
    }
  });

  it('that nobody here may read is left alone without a word', async () => {
    const provider = await started({ platform: 'linux' });
    const [model] = await list(provider);
    const files = provider.filesOf?.(model?.weights ?? '') ?? [];
    expect(files).toEqual([blobOf('one')]);
    expect(await readAhead({ files, signal: new AbortController().signal, room: () => Infinity }).done).toBe('unreadable');
  });

  it('is known through the place that holds the provider, for as long as it is there', async () => {
    const inner = await started({ platform: 'linux' });
    const { weights } = await modelOf(inner, 'one:latest');
    const seat = createReplaceableProvider(inner, null);
    expect(seat.filesOf?.(weights)).toEqual([]);
    seat.replace(inner);
    expect(seat.filesOf?.(weights)).toEqual([blobOf('one')]);
  });
});
