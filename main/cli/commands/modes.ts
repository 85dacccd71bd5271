import type { Outcome } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { readTime } from '../numbers.ts';
import { printJson, refuse } from '../report.ts';

export async function pin(context: Context, pinned: boolean): Promise<Exit> {
  return tell(context, await (await context.airdock()).call('pin', { model: context.args[0] ?? '', pinned }));
}

export async function free(context: Context): Promise<Exit> {
  const on = !context.has('off');
  return tell(context, await (await context.airdock()).call('freeMemory', { on }), on ? 'For an hour programs load nothing; "airdock free --off" ends that.' : undefined);
}

export async function mode(context: Context, name: 'freeze' | 'pause'): Promise<Exit> {
  const forSeconds = readTime(context);
  const on = !context.has('off');
  if (!on && forSeconds !== undefined) throw new UsageError('--for and --off exclude each other.');
  const end = forSeconds === undefined ? '' : `It ends by itself after ${context.value('for')}; before that, `;
  return tell(context, await (await context.airdock()).call(name, { on, ...(forSeconds === undefined ? {} : { forSeconds }) }), on ? `${end}"airdock ${name} --off" ends it.` : undefined);
}

function tell(context: Context, outcome: Outcome<{ text: string }>, more?: string): Exit {
  if (!outcome.ok) return refuse(context, outcome.problem);
  if (context.json) printJson(context, outcome.value);
  else context.terminal.print(more === undefined ? outcome.value.text : `${outcome.value.text}\n${more}`);
  return exits.done;
}
