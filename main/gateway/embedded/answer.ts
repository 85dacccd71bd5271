import { problem } from '../../../contract/index.ts';
import type { CatalogModel, Inference } from '../../providers/provider.ts';
import type { Call } from '../call.ts';
import { refuse } from '../refuse.ts';

/** A request for a model for which Airdock answers by itself. The model is in memory and held until the promise settles. */
export interface EmbeddedRequest {
  /** The client's JSON as it came. */
  body: Readonly<Record<string, unknown>>;
  model: CatalogModel;
  /** The model's name as the client wrote it, for answers that repeat it. */
  name: string;
  inference: Inference;
  /** Ms that the request waited for the model, and whether it was loaded for it. */
  waitedMs: number;
  loaded: boolean;
  /** The client has gone. */
  signal: AbortSignal;
}

/** Answers in the language of the route (`call.route.dialect`, `call.path`). Never rejects. */
export async function answerEmbedded(call: Call, { name }: EmbeddedRequest): Promise<void> {
  refuse(call, { status: 501, problem: problem('bad-request', `Airdock does not answer requests for "${name}" yet: it is a model of its own llama.cpp.`, 'Use a model of Ollama.') });
}
