import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../main/package-root.ts';
import type { BackendAddresses, BackendOptions } from './gateway-backend.ts';
import { startHeadless, type HeadlessProcess } from './headless-process.ts';

export interface Stoppable {
  stop(): Promise<void>;
}

export type Backend = BackendAddresses & Stoppable & {
  /** How many loads have been begun since the start. */
  loads(): Promise<number>;
};

export async function startBackend(options: BackendOptions): Promise<Backend> {
  const child = forkBuilt('gateway-backend', JSON.stringify(options));
  const addresses = await firstMessage<BackendAddresses>(child);
  return {
    ...addresses,
    async loads() {
      const answer = once(child, 'message');
      child.send('loads');
      return ((await answer) as [number])[0];
    },
    stop: () => end(child),
  };
}

/** The barest pipe to `url`. */
export async function startPipe(url: string): Promise<{ url: string } & Stoppable> {
  const child = forkBuilt('barest-pipe', url);
  const port = await firstMessage<number>(child);
  return { url: `http://127.0.0.1:${port}`, stop: () => end(child) };
}

export interface AirdockSettings {
  ollama: string;
  limit: number;
  queueLimit?: number;
}

/** The built headless Airdock in front of an Ollama, when it knows that one's models. */
export async function startAirdock({ ollama, limit, queueLimit = 512 }: AirdockSettings): Promise<HeadlessProcess> {
  const headless = await startHeadless({
    models: { max_concurrent_loaded: limit, unload_foreign: 'yes' },
    // The models' memory is as made up as the models.
    providers: { ollama: { host: ollama, memory: 'own' }, 'llama.cpp': { enabled: false } },
    gateway: { queue_limit: queueLimit },
  });
  return headless;
}

/** llama-swap in front of `url`, where its program is given; null: it is not. */
export async function startLlamaSwap(url: string, model: string): Promise<({ url: string } & Stoppable) | null> {
  const program = process.env['AIRDOCK_BENCH_LLAMA_SWAP'];
  if (!program) return null;
  const dir = await mkdtemp(path.join(os.tmpdir(), 'airdock-bench-'));
  const file = path.join(dir, 'config.json');
  // YAML is a superset of JSON. It wants a process per model; the server is there already.
  const config = { logLevel: 'error', models: { [model]: { cmd: 'sleep 100000', proxy: url, checkEndpoint: 'none', concurrencyLimit: 100_000 } } };
  await writeFile(file, JSON.stringify(config));
  const port = await freePort();
  const child = spawn(program, ['-config', file, '-listen', `127.0.0.1:${port}`], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  const address = `http://127.0.0.1:${port}`;
  for (let i = 0; !(await fetch(`${address}/v1/models`).then((answer) => answer.ok, () => false)); i++) {
    if (i > 100 || child.exitCode !== null) throw new Error(`${program} does not answer.`);
    await wait(100);
  }
  return {
    url: address,
    async stop() {
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function forkBuilt(name: string, argument: string): ChildProcess {
  return fork(path.join(packageRoot(), `dist/bench/${name}.js`), [argument], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function firstMessage<T>(child: ChildProcess): Promise<T> {
  const told = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => null)]);
  if (told === null) throw new Error('A process of the benchmark ended before it listened.');
  return (told as [T])[0];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
