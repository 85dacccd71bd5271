import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { problem } from '../../../contract/index.ts';
import { findHolder } from '../../data/lock.ts';
import { packageRoot } from '../../package-root.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { refuse } from '../report.ts';
import { createService, type Service } from '../service/service.ts';

const TELL_MS = 30_000;

export async function install(context: Context): Promise<Exit> {
  const holder = await findHolder(context.dataDir);
  const exit = await carryOut(context, (service) => service.install());
  if (exit !== exits.done) return exit;
  if (holder !== null) context.terminal.print(`An Airdock was running already (process ${holder.pid}) and goes on; the service takes over when it is started after that one has ended.`);
  if (context.env['OLLAMA_HOST']) context.terminal.print(`The service does not see this terminal’s OLLAMA_HOST. It goes by the settings: airdock config set providers.ollama.host ${context.env['OLLAMA_HOST']}`);
  return exit;
}

export async function remove(context: Context): Promise<Exit> {
  return carryOut(context, (service) => service.remove());
}

async function carryOut(context: Context, act: (service: Service) => ReturnType<Service['install']>): Promise<Exit> {
  const script = path.join(packageRoot(), 'dist/main/cli.js');
  if (!existsSync(script)) return refuse(context, problem('not-found', `${script} is missing.`, 'Build Airdock first: npm run build.'));
  const service = createService({
    platform: process.platform,
    env: context.env,
    home: os.homedir(),
    uid: process.getuid?.() ?? 0,
    command: [process.execPath, script, 'serve', '--no-open', '--no-link', '--data-dir', context.dataDir],
    dataDir: context.dataDir,
    tell,
  });
  if (!service.ok) return refuse(context, service.problem);
  const outcome = await act(service.value);
  if (!outcome.ok) return refuse(context, outcome.problem);
  context.terminal.print(outcome.value.text);
  return exits.done;
}

function tell(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: TELL_MS }, (error, _stdout, stderr) => {
      if (error === null) resolve(null);
      else if (error.code === 'ENOENT') resolve('there is no such program here');
      else resolve(stderr.trim().split('\n')[0] || error.message);
    });
  });
}
