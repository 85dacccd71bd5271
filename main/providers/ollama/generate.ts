import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { OllamaApi } from './api.ts';
import type { Installed } from './catalog.ts';
import { isEmbeddingOnly } from './model-facts.ts';
import { failureWords } from './problems.ts';

export interface GenerateCall {
  model: Installed;
  prompt: string;
  maxTokens: number;
  /** The context size of its runner, so that the answer does not reload it. */
  contextLength: number | null;
  signal: AbortSignal;
}

/** A whole answer at once; without a time limit of its own, because a long prompt on a CPU may take minutes. */
export async function generateText(api: OllamaApi, call: GenerateCall): Promise<{ ok: true; text: string; tokens: number } | { ok: false; problem: Problem }> {
  const { model, ...request } = call;
  if (isEmbeddingOnly(model.facts.capabilities)) return { ok: false, problem: problem('generate-failed', `${model.name} makes embeddings, not text.`) };
  const answer = await api.generate({ ...request, name: model.name });
  if (answer.ok) return { ok: true, text: answer.value.response ?? '', tokens: answer.value.eval_count ?? 0 };
  const { failure } = answer;
  switch (failure.kind) {
    case 'aborted':
      return { ok: false, problem: problem('cancelled', `The answer of ${model.name} was cancelled.`) };
    case 'refused':
    case 'lost':
      return { ok: false, problem: problem('provider-down', `Ollama went away while ${model.name} was to answer (${failureWords(failure)}).`, 'Start Ollama again: open its app, or run "ollama serve".') };
    default:
      return { ok: false, problem: problem('generate-failed', `Ollama had no answer from ${model.name}: ${failureWords(failure)}.`, "Ollama's log says more.") };
  }
}
