import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { processesOfHome } from './processes.ts';
import { until } from './until.ts';

/** What of a test's context the helpers need; also for tests that run beside each other, or share one app. */
export interface Test {
  onTestFinished(end: () => void | Promise<void>): void;
}

/** Folders for one Airdock, and the environment that makes it use them and nothing of this computer's. */
export interface Place {
  root: string;
  dataDir: string;
  /** Nothing listens at its OLLAMA_HOST. */
  env: NodeJS.ProcessEnv;
  /** Writes config.json. */
  configure(config: object | string): Promise<void>;
}

interface PlaceOptions {
  config?: object | string;
  /** Files to have as sample models from the start. */
  samples?: readonly string[];
  ollama?: string;
}

/** A place that goes with the test, which fails if any process is still there at its end. */
export async function newPlace(test: Test, { config, samples = [], ollama = 'http://127.0.0.1:1' }: PlaceOptions = {}): Promise<Place> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'airdock-app-'));
  const home = path.join(root, 'home');
  const dataDir = path.join(root, 'data');
  test.onTestFinished(async () => {
    try {
      await endEverything(home);
    } finally {
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    }
  });
  const sampleDir = path.join(dataDir, 'models', 'samples');
  await mkdir(home);
  await mkdir(samples.length > 0 ? sampleDir : dataDir, { recursive: true });
  // A hard link costs nothing, and unlike a symbolic one does not lead out of the folder.
  for (const file of samples) await link(file, path.join(sampleDir, path.basename(file))).catch(() => copyFile(file, path.join(sampleDir, path.basename(file))));
  const place: Place = {
    root,
    dataDir,
    env: { ...surroundings(), HOME: home, USERPROFILE: home, OLLAMA_HOST: ollama, AIRDOCK_DATA_DIR: dataDir },
    configure: (value) => writeFile(path.join(dataDir, 'config.json'), typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
  };
  if (config !== undefined) await place.configure(config);
  return place;
}

/** This process's environment without what belongs to the test runner, or would lead to somebody's real models. */
function surroundings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(AIRDOCK|OLLAMA|VITEST|NODE|XDG|npm)_|^VITEST$|^TEST$/i.test(key)));
}

async function endEverything(home: string): Promise<void> {
  const left = await until(() => processesOfHome(home), (pids) => pids.length === 0, 3_000).catch(() => processesOfHome(home));
  for (const pid of left) process.kill(pid, 'SIGKILL');
  if (left.length > 0) throw new Error(`processes ${left.join(', ')} outlived the test`);
}
