import os from 'node:os';
import { AirdockError, defaultConfig, problem, type Config, type ModelManager } from '../contract/index.ts';
import { startAirdock } from './app.ts';
import { connectManager } from './client/connect-manager.ts';
import { dataDirectory } from './data/data-directory.ts';
import { findHolder } from './data/lock.ts';
import { readToken } from './data/token.ts';
import { createModelRecommender as recommenderOver, type ModelRecommender } from './recommend/model-recommender.ts';
import { settingsIn } from './recommend/settings-in.ts';

export { AirdockError } from '../contract/index.ts';
export type * from '../contract/index.ts';
export type { ModelRecommender, RecommendSubject } from './recommend/model-recommender.ts';

export interface ConnectOptions {
  /** Default: AIRDOCK_DATA_DIR, else the place that the OS has for such data. */
  dataDir?: string;
  /** How this program is called in the activity list. Default: "script" and its process id. */
  by?: string;
}

/** How long an Airdock that has just taken the lock may need until it answers, ms. */
const STARTING_MS = 5_000;

/** Where the settings are of each manager that was given out. */
const settingsOf = new WeakMap<ModelManager, () => Promise<Config>>();

export interface RecommenderOptions {
  /** What `getModelManager()` gave. */
  provider: ModelManager;
  /** Which models files are meant for. Default: `models.file_types` of its settings. */
  fileTypes?: Readonly<Record<string, string>>;
}

/** Which of a manager's models for a file, a MIME type or a task, and what loading it would take; batches too. */
export function createModelRecommender({ provider, fileTypes }: RecommenderOptions): ModelRecommender {
  return recommenderOver({
    provider,
    settings: async () => {
      const config = await settingsOf.get(provider)?.();
      const settings = settingsIn(config ?? defaultConfig);
      return fileTypes === undefined ? settings : { ...settings, fileTypes };
    },
  });
}

/**
 * The manager of this computer's models: of the Airdock that runs on this data directory, else of one that starts
 * in this process and ends with it. There is never a second owner. Rejects with an `AirdockError` where neither works.
 * `close()` it at the end; a manager that was started here keeps the process alive until then.
 */
export async function getModelManager(options: ConnectOptions = {}): Promise<ModelManager> {
  const by = options.by ?? `script ${process.pid}`;
  const dataDir = dataDirectory({ env: process.env, platform: process.platform, home: os.homedir(), override: options.dataDir });
  const deadline = Date.now() + STARTING_MS;
  for (;;) {
    const running = await connect(dataDir, by);
    if (running) return running;
    // Any free port: it is only there for other scripts, and must not take the address of the real Airdock.
    const started = await startAirdock({ dataDir, port: 0, by });
    if (started.ok) {
      const { manager, config } = started.airdock;
      settingsOf.set(manager, async () => config.current());
      return manager;
    }
    if (started.problem.code !== 'already-running') throw new AirdockError(started.problem);
    if (Date.now() > deadline) {
      throw new AirdockError(problem('not-running', `${started.problem.message} It does not answer.`, 'End that process, or wait until it has started.'));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function connect(dataDir: string, by: string): Promise<ModelManager | null> {
  const holder = await findHolder(dataDir);
  if (!holder?.url) return null;
  const token = await readToken(dataDir);
  if (!token) return null;
  const client = connectManager({ url: holder.url, token, by });
  try {
    await client.call('configGet', {});
    settingsOf.set(client, async () => (await client.call('configGet', {})).config);
    return client;
  } catch {
    await client.close();
    return null;
  }
}
