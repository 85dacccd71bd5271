import { AirdockError, problem } from '../../contract/index.ts';
import { cancelled, open, type Connection } from '../client/http-call.ts';

export interface StreamedAnswer {
  tokens: number;
  /** The model ended by itself. */
  complete: boolean;
}

/**
 * Asks a model through the gateway of a running Airdock, and tells each piece of the answer as it comes. Resolves to null where that Airdock
 * answers no programs (`gateway.enabled`). Rejects with an `AirdockError`: `cancelled`, or the words of whoever refused.
 */
export function streamAnswer(
  connection: Connection,
  { model, prompt, maxTokens }: { model: string; prompt: string; maxTokens: number },
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<StreamedAnswer | null> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify({ model, prompt, stream: true, options: { num_predict: maxTokens } }));
    const request = open(connection, '/api/generate', 'POST', { 'content-type': 'application/json', 'content-length': String(body.length) });
    const left = (): void => void request.destroy(cancelled());
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', left);
      reject(error instanceof AirdockError ? error : broken());
    };
    request.on('error', fail);
    request.on('response', (response) => {
      let rest = '';
      let answer: StreamedAnswer | null = null;
      const take = (line: string): void => {
        const said = parse(line);
        if (typeof said['error'] === 'string') throw new AirdockError(problem('generate-failed', said['error']));
        if (typeof said['response'] === 'string' && said['response'] !== '') onText(said['response']);
        if (said['done'] === true) answer = { tokens: typeof said['eval_count'] === 'number' ? said['eval_count'] : 0, complete: said['done_reason'] !== 'length' };
      };
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        try {
          for (const line of lines) if (line !== '') take(line);
        } catch (error) {
          request.destroy();
          fail(error);
        }
      });
      response.on('error', fail);
      response.on('end', () => {
        signal.removeEventListener('abort', left);
        // The dashboard's files take no POST: nobody else is at home there.
        if (response.statusCode === 405) return resolve(null);
        try {
          if (rest !== '') take(rest);
          if (answer === null) throw broken();
          resolve(answer);
        } catch (error) {
          fail(error);
        }
      });
    });
    if (signal.aborted) left();
    signal.addEventListener('abort', left, { once: true });
    request.end(body);
  });
}

function broken(): AirdockError {
  return new AirdockError(problem('generate-failed', 'The answer broke off.'));
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw broken();
  }
}
