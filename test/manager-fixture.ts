import path from 'node:path';
import { onTestFinished } from 'vitest';
import { configSchema, type Activity, type Config } from '../contract/index.ts';
import { createConfigStore } from '../main/config/config-store.ts';
import { createActivityLog } from '../main/data/activity-log.ts';
import { createEngine } from '../main/manager/engine.ts';
import { createHistory } from '../main/manager/history.ts';
import { createLocalManager } from '../main/manager/local.ts';
import { createOperations } from '../main/manager/operations.ts';
import { withAuthor } from '../main/manager/settings-author.ts';
import { createSnapshotStore } from '../main/manager/store.ts';
import { START } from './core-fixture.ts';
import { createFixedLearned, createFixedMemory, createScriptedProvider } from './scripted-provider.ts';
import { tempDir } from './temp-dir.ts';
import type { CatalogModel } from '../main/providers/provider.ts';

export interface EngineFixtureOptions {
  models: CatalogModel[];
  /** GB free for models. */
  available?: number;
  config?: unknown;
}

/** An engine over scripted providers (one for each provider of the models), with a clock that the test sets. */
export function createEngineFixture({ models, available = 16, config = {} }: EngineFixtureOptions) {
  const clock = { now: START };
  const memory = createFixedMemory(available, () => clock.now);
  const learned = createFixedLearned();
  const scripts = new Map([...new Set(models.map((m) => m.provider))].map((id) => [id, createScriptedProvider(id, models.filter((m) => m.provider === id))]));
  const providers = [...scripts.values()].map((s) => s.provider);
  const activity: Omit<Activity, 'id'>[] = [];
  const faults: unknown[] = [];
  const hooks = { onActivity: (entry: Omit<Activity, 'id'>): void => void activity.push(entry), onChange: (): void => undefined };
  const engine = createEngine({
    providers,
    memory: memory.reader,
    learned: learned.store,
    config: configSchema.parse(config),
    now: () => clock.now,
    onActivity: (entry) => hooks.onActivity(entry),
    onChange: () => hooks.onChange(),
    onFault: (fault) => faults.push(fault),
  });
  onTestFinished(() => engine.stop());
  return { engine, clock, memory: memory.machine, reader: memory.reader, learned, providers, activity, faults, hooks, script: (id: string) => scripts.get(id)!.script };
}

/** The same with its store, operations and the manager that programs use, on a real config file and activity log. */
export async function createManagerFixture(options: EngineFixtureOptions) {
  const dir = await tempDir();
  const fixture = createEngineFixture(options);
  const { engine, clock, providers, reader, hooks } = fixture;
  const configFile = createConfigStore({ file: path.join(dir, 'config.json'), onChange: ({ config: next }) => engine.setConfig(next, config.author()) });
  const config = withAuthor(configFile);
  const log = createActivityLog({ dir, now: () => clock.now });
  onTestFinished(async () => {
    await Promise.all([configFile.close(), log.close()]);
  });
  if (options.config) await config.set(flat(options.config as Record<string, Record<string, unknown>>));
  const dismissed = new Set<string>();
  const rekeyed: string[] = [];
  const samples = { made: 0, cancelled: 0 };
  const sampleService = {
    view: () => ({ state: 'none' as const, doneBytes: 0, totalBytes: 0, current: null, problem: null }),
    make: async () => {
      samples.made += 1;
      return { ok: true as const, value: { text: 'Made.' } };
    },
    cancel: () => void (samples.cancelled += 1),
  };
  const store = createSnapshotStore({ engine, providers, folders: { view: () => [] }, samples: sampleService, config, log, version: '0', dismissed, requests: () => ({ requests: [], moreRequests: 0 }), now: () => clock.now });
  hooks.onActivity = (entry) => store.note(entry);
  const history = createHistory(() => clock.now);
  hooks.onChange = () => {
    store.changed();
    history.see(engine.state);
  };
  const link = { url: null as string | null };
  const operations = createOperations({
    engine, store, memory: reader, config, log, samples: sampleService, history, dismiss: (id) => dismissed.add(id), keyChanged: (id) => rekeyed.push(id), signInLink: () => link.url, now: () => clock.now,
  });
  const manager = createLocalManager({ engine, store, operations, by: 'script', close: async () => undefined });
  onTestFinished(() => store.close());
  const calling = new AbortController();
  await engine.whenLooked();
  return { ...fixture, dir, config, log, store, operations, manager, samples, dismissed, rekeyed, link, calling, context: { signal: calling.signal, caller: 'test' }, settings: (): Config => config.current().config };
}

/** Lets everything run that only waits for promises. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function flat(config: Record<string, Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).flatMap(([part, keys]) => Object.entries(keys).map(([key, value]) => [`${part}.${key}`, value])));
}
