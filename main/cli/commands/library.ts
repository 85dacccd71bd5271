import { isAbsolute, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { formatBytes, formatDuration, problem, type Download, type Outcome } from '../../../contract/index.ts';
import type { ConnectedManager } from '../../client/connect-manager.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { progressBar } from '../gauge.ts';
import { printJson, refuse } from '../report.ts';

const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\x1b[K';
/** So often it is asked whether Airdock is still there at all: what it tells by itself it cannot tell when it has ended. */
const ALIVE_MS = 5_000;

export async function pull(context: Context): Promise<Exit> {
  const { terminal } = context;
  const [given = ''] = context.args;
  if (given.trim() === '') throw new UsageError('"airdock pull" needs the name of a model, the address of a GGUF file, or a file.');
  const manager = await context.airdock();
  const file = fileOf(given);
  if (context.has('link') && file === null) throw new UsageError('--link goes with a file on this computer.');
  const checked = await manager.call('checkDownload', { source: file ?? given });
  if (!checked.ok) return refuse(context, checked.problem);
  const { value: check } = checked;
  if (context.has('check')) {
    if (context.json) printJson(context, check);
    else terminal.print(check.sentence);
    return exits.done;
  }
  if (!context.json) terminal.note(check.sentence);
  // A warning, and no wall: without anybody to ask it goes on.
  if (check.warns && terminal.asks && !context.json && !context.has('yes') && !(await terminal.ask(file === null ? 'Download it all the same?' : 'Take it in all the same?'))) {
    return refuse(context, problem('cancelled', file === null ? 'Nothing was downloaded.' : 'Nothing was taken in.'));
  }
  const begun = file === null ? await manager.call('pullModel', { source: given }) : await manager.call('importModel', { path: file, link: context.has('link') });
  if (!begun.ok) return refuse(context, begun.problem);
  const ended = await follow(context, manager, begun.value);
  if (!ended.ok) return refuse(context, ended.problem);
  const { value } = ended;
  if (context.json) printJson(context, value);
  else {
    const sums = value.checksums.map(({ file: name, sha256 }) => `\nSHA-256 of ${name}: ${sha256}`).join('');
    terminal.print(`${value.name} is here${value.totalBytes === null ? '' : ` (${formatBytes(value.totalBytes)})`}.${sums}`);
  }
  return exits.done;
}

/** A file on this computer is meant where there is one, or where it can be nothing else. */
function fileOf(text: string): string | null {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return null;
  return isAbsolute(text) || (/\.gguf$/i.test(text) && existsSync(text)) ? resolve(text) : null;
}

/** Shows how it goes until it has ended. Ctrl+C stops it; what has come is kept. */
async function follow(context: Context, manager: ConnectedManager, { id, name }: Download): Promise<Outcome<Download>> {
  const { terminal } = context;
  const signal = context.signal();
  let off = (): void => undefined;
  let alive: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  try {
    return await new Promise<Outcome<Download>>((resolveWith, reject) => {
      const see = (downloads: readonly Download[]): void => {
        const now = downloads.find((one) => one.id === id);
        if (!now) return resolveWith({ ok: false, problem: problem('cancelled', `Downloading ${name} was stopped.`) });
        if (now.state === 'done') return resolveWith({ ok: true, value: now });
        if (now.state === 'failed' || now.state === 'stopped') return resolveWith({ ok: false, problem: now.problem ?? problem('cancelled', `Downloading ${name} was stopped. What has come is kept: the same command goes on from there.`) });
        if (terminal.showsProgress) terminal.drawProgress(CLEAR_LINE + progressLine(now, terminal.blocks).slice(0, terminal.size().columns - 1));
      };
      off = manager.on('state', (state) => see(state.downloads));
      alive = setInterval(() => void manager.call('snapshot', {}).then(({ state }) => see(state.downloads), reject), ALIVE_MS);
      stop = () => void manager.call('cancelPull', { id }).catch(reject);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
  } finally {
    off();
    clearInterval(alive);
    signal.removeEventListener('abort', stop);
    if (terminal.showsProgress) terminal.drawProgress(CLEAR_LINE);
  }
}

/** Pure. */
export function progressLine({ name, state, doneBytes, totalBytes, bytesPerSecond, msLeft, parts }: Download, blocks: boolean): string {
  if (state === 'queued') return `${name} waits for the download before it …`;
  const share = totalBytes ? doneBytes / totalBytes : null;
  const bar = share === null ? '' : `${progressBar(share, BAR_WIDTH, blocks)} ${String(Math.floor(share * 100)).padStart(3)} %  `;
  if (state === 'checking') return `${bar}checking ${name} …`;
  const facts = [
    totalBytes === null ? formatBytes(doneBytes) : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    parts !== null && parts.total > 1 ? `part ${Math.min(parts.done + 1, parts.total)} of ${parts.total}` : null,
    bytesPerSecond === null ? null : `${formatBytes(bytesPerSecond)}/s`,
    msLeft === null ? null : `${formatDuration(msLeft)} left`,
  ];
  return bar + facts.filter((fact) => fact !== null).join(', ');
}

export async function rm(context: Context): Promise<Exit> {
  const { terminal } = context;
  const [name = ''] = context.args;
  const manager = await context.airdock();
  if (!context.has('yes')) {
    const found = await manager.call('modelDetails', { model: name });
    if (!found.ok) return refuse(context, found.problem);
    // What is deleted is gone: a script has to say that it means it.
    if (!terminal.asks || context.json) return refuse(context, problem('bad-request', `Deleting ${found.value.name} needs a yes.`, '--yes says so.'));
    if (!(await terminal.ask(`Delete ${found.value.name} from the disk?`))) return refuse(context, problem('cancelled', 'Nothing was deleted.'));
  }
  let outcome = await manager.call('deleteModel', { model: name, ...(context.has('force') ? { confirm: true } : {}) });
  // Kept, or frozen: a person may say yes to that.
  if (!outcome.ok && ['pinned', 'frozen'].includes(outcome.problem.code) && terminal.asks && !context.json && !context.has('force')) {
    terminal.note(outcome.problem.message);
    if (await terminal.ask('Delete it all the same?')) outcome = await manager.call('deleteModel', { model: name, confirm: true });
  }
  if (!outcome.ok) return refuse(context, outcome.problem);
  if (context.json) printJson(context, outcome.value);
  else terminal.print(outcome.value.text);
  return exits.done;
}
