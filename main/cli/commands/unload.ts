import { formatBytes, formatList, problem } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { readTime } from '../numbers.ts';
import { printJson, refuse } from '../report.ts';

export async function run(context: Context): Promise<Exit> {
  const [name] = context.args;
  const seconds = readTime(context);
  if (context.has('idle') ? name !== undefined : name === undefined) throw new UsageError('"airdock unload" takes either the name of a model or --idle.');
  if (seconds !== undefined && !context.has('idle')) throw new UsageError('--for goes with --idle.');
  return name === undefined ? unloadIdle(context, seconds ?? 0) : unloadOne(context, name);
}

async function unloadOne(context: Context, name: string): Promise<Exit> {
  const { terminal } = context;
  const manager = await context.airdock();
  let outcome = await manager.unloadModel(name, { confirm: context.has('force') });
  // Kept, or frozen: a person may say yes to that.
  if (!outcome.ok && ['pinned', 'frozen'].includes(outcome.problem.code) && terminal.asks && !context.json) {
    terminal.note(outcome.problem.message);
    const yes = await terminal.ask('Unload it all the same?');
    outcome = yes ? await manager.unloadModel(name, { confirm: true }) : { ok: false, problem: problem('cancelled', 'Nothing was changed.') };
  }
  if (!outcome.ok) return refuse(context, outcome.problem);
  if (context.json) printJson(context, outcome.value);
  else terminal.print(outcome.value.text);
  return exits.done;
}

async function unloadIdle(context: Context, idleForSeconds: number): Promise<Exit> {
  const outcome = await (await context.airdock()).unloadIdleModels({ idleForSeconds });
  if (!outcome.ok) return refuse(context, outcome.problem);
  const { unloaded } = outcome.value;
  if (context.json) printJson(context, outcome.value);
  else if (unloaded.length === 0) context.terminal.print('Nothing unused was in memory.');
  else context.terminal.print(`Unloaded ${formatList(unloaded.map(({ name, ram }) => `${name} (${formatBytes(ram)})`))}.`);
  return exits.done;
}
