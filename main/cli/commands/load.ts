import { formatBytes, formatDuration, formatList, type LoadDone } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { loadWithQuestion } from '../loading.ts';
import { readContextSize } from '../numbers.ts';
import { printJson, refuse } from '../report.ts';

export async function run(context: Context): Promise<Exit> {
  const contextLength = readContextSize(context);
  const manager = await context.airdock();
  const outcome = await loadWithQuestion(context, manager, context.args[0] ?? '', {
    ...(context.has('force') ? { force: true } : {}),
    ...(context.has('try-once') ? { tryOnce: true } : {}),
    ...(contextLength === undefined ? {} : { contextLength }),
  });
  if (!outcome.ok) return refuse(context, outcome.problem, outcome.plan);
  if (context.json) printJson(context, outcome.value);
  else context.terminal.print(loadedText(outcome.value));
  return exits.done;
}

export function loadedText({ model, already, unloaded, tookMs }: LoadDone): string {
  const size = formatBytes(model.ramUsed);
  if (already) return `${model.name} is in memory already (${size}).`;
  const took = tookMs < 10_000 ? `${(tookMs / 1000).toFixed(1)} s` : formatDuration(tookMs);
  const gone = unloaded.length === 0 ? '' : ` Unloaded for it: ${formatList(unloaded.map(({ name }) => name))}.`;
  return `${model.name} is in memory (${size}), loaded in ${took}.${gone}`;
}
