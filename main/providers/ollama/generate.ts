import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { OllamaApi } from './api.ts';
import type { Installed } from './catalog.ts';
import { isEmbeddingOnly } from './model-facts.ts';
import { failureWords, startAgain } from './problems.ts';

export interface GenerateCall {
  model: Installed;
  prompt: string;
  maxTokens: number;
  /** The context size of its runner, so that the answer does not reload it. */
  contextLength: number | null;
  signal: AbortSignal;
}

export type Generated = { ok: true; text: string; tokens: number } | { ok: false; problem: Problem };

/** A whole answer at once; without a time limit of its own, because a long prompt on a CPU may take minutes. */
export async function generateText(api: OllamaApi, call: GenerateCall): Promise<Generated> {
  const { model, ...request } = call;
  const failed = (trouble: Problem): Generated => ({ ok: false, problem: trouble });
  if (isEmbeddingOnly(model.facts.capabilities)) return failed(problem('generate-failed', `${model.name} makes embeddings, not text.`));
  const answer = await api.generate({ ...request, name: model.name });
  if (answer.ok) return { ok: true, text: answer.value.response ?? '', tokens: answer.value.eval_count ?? 0 };
  const said = failureWords(answer.failure);
  switch (answer.failure.kind) {
    case 'aborted':
      return failed(problem('cancelled', `The answer of ${model.name} was cancelled.`));
    case 'refused':
    case 'lost':
      return failed(problem('provider-down', `Ollama went away while ${model.name} was to answer (${said}).`, startAgain));
    default:
      return failed(problem('generate-failed', `Ollama had no answer from ${model.name}: ${said}.`, "Ollama's log says more."));
  }
}
