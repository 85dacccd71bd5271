import { problem, type Problem } from '../../../contract/index.ts';
import { isKey } from '../../keychain/keychain.ts';
import { withLimit } from '../../limit.ts';
import type { Provider } from '../provider.ts';
import { createReplaceableProvider } from '../replaceable.ts';
import { createBrokenProvider } from './broken.ts';
import { defaultTimes, type OpenAiOptions, type Shown } from './server.ts';

/**
 * A server whose key is in the operating system's keychain. That may want its owner first, so nobody waits for it: until it has answered, the
 * server is one that is starting. Where it has no key, it is asked again from time to time.
 */
export function createKeychainProvider({ settings, keychain, now, times: changed }: OpenAiOptions, url: string, withKey: (shown: Shown) => Provider): Provider {
  const times = { ...defaultTimes, ...changed };
  const { id } = settings;
  const name = settings.label ?? id;
  const set = `"airdock key set ${id}" puts the right one there.`;
  const without = (why: Problem | null): Provider => createBrokenProvider(settings, { url, problem: why });
  const provider = createReplaceableProvider({ id, kind: 'openai', label: name, parallelLoads: 1, revivesStuck: false }, without(null));
  let asking: Promise<void> | null = null;
  let nextAt = -Infinity;
  const lifetime = new AbortController();

  async function ask(): Promise<void> {
    const answer = await keychain.get(id, lifetime.signal);
    if (lifetime.signal.aborted) return;
    const key = answer.ok ? (answer.value?.trim() ?? '') : '';
    if (isKey(key)) {
      nextAt = Infinity;
      provider.replace(withKey({ key, keyPlace: { words: 'in the keychain', hint: set } }));
      return;
    }
    nextAt = now() + times.keychain;
    const none = key === '' ? problem('bad-key', `The keychain holds no key for ${name}.`, `"airdock key set ${id}" puts one there.`) : problem('bad-key', `What the keychain holds cannot be a key for ${name}: it has blanks or other characters that no key has.`, set);
    provider.replace(without(answer.ok ? none : answer.problem));
  }

  return {
    ...provider,
    get upstream() {
      return provider.upstream;
    },
    async poll(options) {
      if (asking === null && !lifetime.signal.aborted && now() >= nextAt) {
        asking = ask().finally(() => {
          asking = null;
        });
      }
      if (asking !== null) await withLimit(asking, times.patience, options.signal);
      return provider.poll(options);
    },
    async stop() {
      lifetime.abort();
      await provider.stop();
    },
  };
}
