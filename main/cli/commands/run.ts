import type { Call, ConnectedManager } from '../../client/connect-manager.ts';
import { useModel } from '../../client/use-model.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { loadWithQuestion } from '../loading.ts';
import { readNumber } from '../numbers.ts';
import { printJson, refuse } from '../report.ts';
import { streamAnswer } from '../stream-answer.ts';

const MAX_TOKENS = 8192;
const DEFAULT_TOKENS = 512;
/** Who uses the model, for the dashboard: it is a program that waits for the answer. */
const holder = 'airdock run';
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

  const model = loaded.value.model.id;
  const answer = await ask(context, manager, { model, prompt, maxTokens });
  if (context.json) printJson(context, { model, text: answer.text, tokens: answer.tokens, complete: answer.complete });
  if (!answer.complete && !context.json) terminal.note(`The answer ends after ${maxTokens} tokens; --max-tokens allows more.`);
  return exits.done;
}

interface Answer {
  text: string;
  tokens: number;
  complete: boolean;
}

/** On the terminal as it comes, without the empty lines at its end. */
async function ask(context: Context, manager: ConnectedManager, request: { model: string; prompt: string; maxTokens: number }): Promise<Answer> {
  const { terminal } = context;
  let stop = showWaiting(context);
  let text = '';
  let ends = '';
  const onText = (piece: string): void => {
    stop();
    stop = () => undefined;
    text += piece;
    if (context.json) return;
    const all = ends + piece;
    ends = /\n*$/.exec(all)?.[0] ?? '';
    terminal.draw(all.slice(0, all.length - ends.length));
  };
  try {
    const streamed = await streamAnswer({ ...(await context.connection()), by: holder }, request, onText, context.signal());
    if (streamed !== null) return { text, ...streamed };
    return await whole(manager, request, onText, context.signal());
  } finally {
    stop();
    if (text !== '' && !context.json) terminal.draw('\n');
  }
}

/** Where programs are not answered (`gateway.enabled`): the way of scripts, which has the answer as a whole. */
async function whole(manager: ConnectedManager, { model, prompt, maxTokens }: { model: string; prompt: string; maxTokens: number }, onText: (text: string) => void, signal: AbortSignal): Promise<Answer> {
  let tokens = 0;
  const call: Call = async (operation, input, options) => {
    const answer = await manager.call(operation, input, options);
    if (operation === 'generate' && 'ok' in answer && answer.ok && 'tokens' in answer.value) tokens = answer.value.tokens;
    return answer;
  };
  const text = await useModel(call, { model, holder, leaseMs: LEASE_MS, signal }, (held) => held.generate(prompt, { maxTokens }));
  onText(text);
  return { text, tokens, complete: tokens < maxTokens };
}

async function readPrompt({ args, terminal }: Context): Promise<string> {
  const words = args.slice(1);
  const fromInput = words.length === 0 || (words.length === 1 && words[0] === '-');
  if (words.length === 0 && !terminal.hasPipedInput) throw new UsageError('"airdock run" needs a PROMPT, or one on its input.');
  const prompt = (fromInput ? await terminal.readInput() : words.join(' ')).trim();
  if (prompt === '') throw new UsageError('The prompt is empty.');
  return prompt;
}

/** Until the first words come something has to move. */
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
