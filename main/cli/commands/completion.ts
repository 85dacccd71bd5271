import { completionScripts } from '../completion-scripts.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';

export async function run({ args, terminal }: Context): Promise<Exit> {
  const [shell = ''] = args;
  const script = Object.hasOwn(completionScripts, shell) ? completionScripts[shell] : undefined;
  if (script === undefined) throw new UsageError(`There is no completion for ${shell}, but for ${Object.keys(completionScripts).join(', ')}.`);
  terminal.print(script.trimEnd());
  return exits.done;
}
