import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Activity, LoadedModel } from '../../contract/index.ts';
import { connectManager, type ConnectedManager } from '../../main/client/connect-manager.ts';
import { root } from './build-app.ts';
import type { Place, Test } from './place.ts';
import { startNode, type Started, type StartOptions } from './processes.ts';

const headless = path.join(root, 'dist/main/headless.js');

/** A running Airdock and a client of it. */
export interface App extends ConnectedManager {
  process: Started;
  /** With the single-use code. */
  link: string;
  url: string;
  loaded(): Promise<LoadedModel[]>;
  /** Newest first. */
  activity(): Promise<Activity[]>;
  /** Ends it as Ctrl+C does, and waits for that. */
  stop(): Promise<void>;
}

/** Starts the built app without waiting for anything; ended with the test at the latest. */
export function runHeadless(test: Test, place: Place, args: readonly string[], options: Partial<StartOptions> = {}): Started {
  const started = startNode([headless, ...args], { env: place.env, ...options });
  test.onTestFinished(() => end(started));
  return started;
}

/** Starts the built app on this place, and signs a client in with its token. */
export async function startApp(test: Test, place: Place, { args = [], ...options }: Partial<StartOptions> & { args?: readonly string[] } = {}): Promise<App> {
  const started = runHeadless(test, place, ['--headless', '--port', '0', '--data-dir', place.dataDir, '--no-open', ...args], options);
  const [, link = ''] = await started.says(/^ {2}(http:\S+)\n/m);
  const { origin: url } = new URL(link);
  const client = await connect(place, url);
  test.onTestFinished(() => client.close());
  return {
    ...client,
    process: started,
    link,
    url,
    loaded: async () => (await client.call('snapshot', {})).state.loaded,
    activity: async () => (await client.call('activity', { limit: 200 })).entries,
    async stop() {
      started.kill('SIGINT');
      await started.ended;
    },
  };
}

/** A client of whatever answers there, with the token of this place. */
export async function connect(place: Place, url: string, by = 'test'): Promise<ConnectedManager> {
  return connectManager({ url, token: (await readFile(path.join(place.dataDir, 'token'), 'utf8')).trim(), by });
}

/** Without asking: what a test leaves running has nothing to save. Its models end by themselves, which `newPlace` checks. */
export async function end(started: Started): Promise<void> {
  started.kill('SIGKILL');
  await started.ended;
}

/** Loads by name and insists on it. */
export async function load(app: ConnectedManager, name: string, options: { force?: boolean } = {}): Promise<LoadedModel> {
  const outcome = await app.loadModel(name, options);
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value.model;
}

export function pidOf(model: LoadedModel): number {
  if (model.pid === null) throw new Error(`${model.name} has no process`);
  return model.pid;
}
