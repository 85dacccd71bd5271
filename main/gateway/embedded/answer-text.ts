import { problem, type Problem } from '../../../contract/index.ts';
import type { Inference, InferenceDone } from '../../providers/provider.ts';
import { sendJson, type Call } from '../call.ts';
import { refuse, textOf } from '../refuse.ts';
import type { TextWork } from './reading.ts';
import { createTextStream, type TextStream } from './stream.ts';

/** The model is in memory and held until the answer's promise settles. */
export interface Held {
  inference: Inference;
  /** `CatalogModel.id` */
  id: string;
  /** Ms that the request waited for the model. */
  waitedMs: number;
  /** The client has gone. */
  signal: AbortSignal;
  /** Those who asked the model before have their answers. */
  onTurn: () => void;
}

export interface TextDone extends Omit<InferenceDone, 'ok' | 'finish'> {
  finish: 'stop' | 'length';
  /** Ms from the request to its answer's end, and those of them that went by until the model was there. */
  totalMs: number;
  loadMs: number;
}

/** How a dialect writes an answer that is text. */
export interface TextForm {
  streamType: string;
  /** Before the first text of a stream. */
  begin(): string;
  piece(text: string): string;
  end(done: TextDone): string;
  /** After the stream has begun, its last words. */
  failed(text: string): string | null;
  whole(text: string, done: TextDone): unknown;
}

export async function answerText(call: Call, { inference, id, waitedMs, signal, onTurn }: Held, { stream, ...work }: TextWork, form: TextForm): Promise<void> {
  const { response } = call;
  const beganAt = performance.now();
  let streamed: TextStream | null = null;
  let whole = '';
  // Not before there is something to say: until then a failure still has a status of its own.
  const begin = (): TextStream => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': form.streamType, 'Cache-Control': 'no-cache' });
    const first = form.begin();
    if (first !== '') response.write(first);
    return createTextStream(response, form.piece);
  };
  const onText = (text: string): void => {
    if (response.destroyed) return;
    if (stream) (streamed ??= begin()).push(text);
    else whole += text;
  };
  const outcome = await inference.generate({ ...work, id, signal, onTurn, onText });
  if (response.destroyed || signal.aborted) return;
  if (!outcome.ok) return fail(call, form, streamed, outcome.problem);
  const { ok: _ok, finish, ...counted } = outcome;
  if (finish === 'cancelled') return fail(call, form, streamed, problem('cancelled', 'The answer was cancelled.'));
  const done: TextDone = { ...counted, finish, totalMs: waitedMs + performance.now() - beganAt, loadMs: waitedMs };
  if (stream) (streamed ??= begin()).end(form.end(done));
  else sendJson(call, 200, form.whole(whole, done));
}

function fail(call: Call, form: TextForm, streamed: TextStream | null, cause: Problem): void {
  const last = streamed === null ? null : form.failed(textOf(cause));
  if (streamed !== null && last !== null) streamed.end(last);
  else refuse(call, { problem: cause });
}
