import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { Inference, InferenceDone, Provider } from '../provider.ts';
import { LLAMA_CPP } from './catalog.ts';
import { jsonGrammar } from './json-grammar.ts';
import type { RequestOutcome } from './model-process.ts';
import type { RunningModel } from './running.ts';

interface InferenceSurroundings {
  /** The model with this id, where it has a process. */
  find(id: string): RunningModel | undefined;
  /** Wall clock, ms since the epoch. */
  now(): number;
}

/** Whose turn it is, and what is to be told when it comes. */
type Turn = Pick<Parameters<Inference['generate']>[0], 'id' | 'signal' | 'onTurn'>;

const cancelled: InferenceDone = { ok: true, finish: 'cancelled', promptTokens: 0, completionTokens: 0, promptMs: 0, completionMs: 0 };
const cancelledProblem = problem('cancelled', 'The request was cancelled.');

/** Answers requests in the models' processes. Those of the same model take turns, in the order they came. */
export function createInference({ find, now }: InferenceSurroundings): Inference {
  /** Null where `signal` was aborted before the turn came. Waiting for it counts as use. */
  async function inTurn<T>({ id, signal, onTurn }: Turn, task: (model: RunningModel) => Promise<RequestOutcome<T>>): Promise<{ ok: true; done: T } | { ok: false; problem: Problem } | null> {
    const model = find(id);
    if (!model?.ready) return { ok: false, problem: problem('not-loaded', `${id.slice(LLAMA_CPP.length + 1)} is not in memory.`) };
    model.uses++;
    try {
      const outcome = await model.turns.run(signal, () => {
        onTurn?.();
        return task(model);
      });
      return outcome === null || outcome.ok ? outcome : { ok: false, problem: explain(model.name, outcome) };
    } finally {
      model.uses--;
      model.lastUsed = now();
    }
  }

  return {
    async generate({ input, maxTokens, stop, sampling, json, onText, ...turn }) {
      const grammar = json === null ? null : jsonGrammar(json);
      if (grammar?.ok === false) return { ok: false, problem: problem('bad-request', grammar.message) };
      const work = { input, maxTokens, stop, sampling, grammar: grammar?.grammar ?? null };
      const outcome = await inTurn(turn, (model) => model.process.generate(work, turn.signal, onText));
      if (outcome === null) return cancelled;
      return outcome.ok ? { ok: true, ...outcome.done } : outcome;
    },

    async embed({ inputs, ...turn }) {
      const outcome = await inTurn(turn, (model) => model.process.embed(inputs, turn.signal));
      if (outcome === null) return { ok: false, problem: cancelledProblem };
      return outcome.ok ? { ok: true, ...outcome.done } : outcome;
    },
  };
}

/** The operation for scripts: one prompt, the likeliest text, given as a whole. */
export async function generateForScript(inference: Inference, { id, prompt, maxTokens, signal }: Parameters<Provider['generate']>[0]): ReturnType<Provider['generate']> {
  let text = '';
  const outcome = await inference.generate({
    id,
    input: { kind: 'prompt', prompt, template: true },
    maxTokens,
    stop: [],
    // With a seed the same prompt gives the same text, whatever ran before.
    sampling: { temperature: 0, seed: 0 },
    json: null,
    signal,
    onText: (piece) => {
      text += piece;
    },
  });
  if (!outcome.ok) return outcome;
  return outcome.finish === 'cancelled' ? { ok: false, problem: cancelledProblem } : { ok: true, text, tokens: outcome.completionTokens };
}

function explain(name: string, { code, message }: Extract<RequestOutcome<unknown>, { ok: false }>): Problem {
  if (code === 'cancelled') return cancelledProblem;
  if (code === 'bad-request') return problem(code, message);
  return problem(code, `${name} gave no answer: ${message.replace(/\.$/, '')}.`);
}
