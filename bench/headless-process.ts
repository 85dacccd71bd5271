import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../main/package-root.ts';

export interface HeadlessProcess {
  pid: number;
  dataDir: string;
  /** `http://127.0.0.1:…` */
  url: string;
  /** From the order to start the process until its address was printed, ms. */
  startMs: number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** The built headless Airdock as its user starts it, on a data directory of its own and with an empty home, so that this computer's own models do not blur the picture. `config`: what its config.json holds. */
export async function startHeadless(config: unknown = {}): Promise<HeadlessProcess> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'airdock-bench-'));
  const dataDir = path.join(home, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify(config));
  const entry = path.join(packageRoot(), 'dist/main/headless.js');
  const begin = performance.now();
  const child = spawn(process.execPath, [entry, '--headless', '--port', '0', '--data-dir', dataDir, '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOME: home, USERPROFILE: home },
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk;
    const url = /http:\/\/[\d.:]+/.exec(text)?.[0];
    if (url === undefined || child.pid === undefined) continue;
    const startMs = performance.now() - begin;
    child.stdout.resume();
    return { pid: child.pid, dataDir, url, startMs, stop };
  }
  await stop();
  throw new Error('The headless process ended before it printed its address.');
}
