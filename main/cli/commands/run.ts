import { useModel } from '../../client/use-model.ts';
import type { Call } from '../../client/connect-manager.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { loadWithQuestion } from '../loading.ts';
import { readNumber } from '../numbers.ts';
import { printJson, refuse } from '../report.ts';
import { commandLine } from '../running.ts';

const MAX_TOKENS = 8192;
const DEFAULT_TOKENS = 512;
/** How long a model stays held for a process that was killed. */
const LEASE_MS = 30_000;

export async function run(context: Context): Promise<Exit> {
  const { terminal } = context;
  const [name = ''] = context.args;
  const maxTokens = readNumber(context, 'max-tokens', 1, MAX_TOKENS) ?? DEFAULT_TOKENS;
  const prompt = await readPrompt(context);
  const manager = await context.airdock();
  // Loading comes first and as a person's wish: it may ask, and shows how far it is. Holding it then only takes a moment.
  const loaded = await loadWithQuestion(context, manager, name, context.has('force') ? { force: true } : {});
  if (!loaded.ok) return refuse(context, loaded.problem, loaded.plan);

  let tokens = 0;
  const call: Call = async (operation, input, options) => {
    const answer = await manager.call(operation, input, options);
    if (operation === 'generate' && 'ok' in answer && answer.ok && 'tokens' in answer.value) tokens = answer.value.tokens;
    return answer;
  };
  const stop = showWaiting(context);
  const text = await useModel(call, { model: loaded.value.model.id, holder: commandLine, leaseMs: LEASE_MS, signal: context.signal() }, (model) => model.generate(prompt, { maxTokens })).finally(stop);
  if (context.json) printJson(context, { model: loaded.value.model.id, text, tokens, complete: tokens < maxTokens });
  else terminal.print(text.replace(/\n+$/, ''));
  if (tokens >= maxTokens && !context.json) terminal.note(`The answer ends after ${maxTokens} tokens; --max-tokens allows more.`);
  return exits.done;
}

async function readPrompt({ args, terminal }: Context): Promise<string> {
  const words = args.slice(1);
  const fromInput = words.length === 0 || (words.length === 1 && words[0] === '-');
  if (words.length === 0 && !terminal.hasPipedInput) throw new UsageError('"airdock run" needs a PROMPT, or one on its input.');
  const prompt = (fromInput ? await terminal.readInput() : words.join(' ')).trim();
  if (prompt === '') throw new UsageError('The prompt is empty.');
  return prompt;
}

/** Answers come as a whole: until then something has to move. */
function showWaiting({ terminal }: Context): () => void {
  if (!terminal.showsProgress) return () => undefined;
  const began = Date.now();
  const draw = (): void => terminal.drawProgress(`\r\x1b[KAnswering … ${Math.floor((Date.now() - began) / 1000)} s`);
  const timer = setInterval(draw, 1000);
  draw();
  return () => {
    clearInterval(timer);
    terminal.drawProgress('\r\x1b[K');
  };
}
