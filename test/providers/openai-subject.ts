import { onTestFinished } from 'vitest';
import { openAiServerSchema } from '../../contract/config.ts';
import { createOpenAiProvider, type OpenAiOptions } from '../../main/providers/openai/index.ts';
import type { CatalogModel, LoadOutcome, Provider, ProviderReport } from '../../main/providers/provider.ts';
import { startFakeOpenAi, type FakeOpenAi, type FakeOpenAiOptions } from '../fakes/openai-server.ts';

export const never = new AbortController().signal;

export interface Subject {
  fake: FakeOpenAi;
  provider: Provider;
  /** Wall clock of the provider, which the test sets. */
  clock: { now: number };
}

type Settings = Record<string, unknown>;

export function providerFor(settings: Settings, options: Partial<OpenAiOptions> = {}): Provider {
  const provider = createOpenAiProvider({
    settings: openAiServerSchema.parse({ id: 'there', label: 'There', ...settings }),
    env: {},
    keychain: { get: async () => ({ ok: true, value: null }) },
    now: Date.now,
    contextLengthFor: () => 2048,
    vramDevice: () => null,
    ...options,
    times: { watch: 5, ...options.times },
  });
  onTestFinished(() => provider.stop());
  return provider;
}

export async function subject(server: FakeOpenAiOptions, settings: Settings = {}, options: Partial<OpenAiOptions> = {}): Promise<Subject> {
  const fake = await startFakeOpenAi(server);
  onTestFinished(() => fake.close());
  const clock = { now: 1_000_000 };
  return { fake, clock, provider: providerFor({ base_url: fake.baseUrl, ...settings }, { now: () => clock.now, ...options }) };
}

export const poll = (provider: Provider): Promise<ProviderReport> => provider.poll({ catalog: true, signal: never });

export async function modelNamed(provider: Provider, name: string): Promise<CatalogModel> {
  const found = (await poll(provider)).models?.find((model) => model.providerName === name);
  if (!found) throw new Error(`${name} is not listed`);
  return found;
}

export const load = (provider: Provider, model: CatalogModel, change: { contextLength?: number; signal?: AbortSignal } = {}): Promise<LoadOutcome> =>
  provider.load({ model, contextLength: change.contextLength ?? model.contextLength, keepAliveMs: Infinity, signal: change.signal ?? never, onProgress: () => undefined });

export const loadedNames = async (provider: Provider): Promise<string[] | null> => (await poll(provider)).loaded?.map((model) => model.name) ?? null;
