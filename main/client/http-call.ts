import { request as httpRequest, type IncomingMessage } from 'node:http';
import { AirdockError, apiPrefix, callerHeader, problem, problemSchema, type OperationInput, type OperationName, type OperationOutput } from '../../contract/index.ts';
import { z } from 'zod';

export interface Connection {
  /** `http://127.0.0.1:11500`, from the lock or the settings. */
  url: string;
  token: string;
  /** Who calls, for the activity list. */
  by: string;
}

const failureSchema = z.object({ ok: z.literal(false), problem: problemSchema });

/** Operations that are answered at once; a load or an answer of a model may take as long as it takes. */
const QUICK_MS = 30_000;
const slow: ReadonlySet<OperationName> = new Set<OperationName>(['load', 'unload', 'unloadIdle', 'freeMemory', 'reloadLost', 'acquire', 'generate', 'makeSamples', 'endRunner', 'checkDownload', 'cancelPull', 'deleteModel', 'checkUpdate']);

/**
 * Calls one operation of an Airdock that runs elsewhere. Its refusals are values; rejects with an `AirdockError` where the call
 * itself failed: `not-running`, `cancelled`, `unauthorized`, `bad-request`, `internal`. An aborted signal closes the connection,
 * which the other side takes as leaving. node:http, because fetch gives up on an answer after 300 s.
 */
export function callOverHttp<N extends OperationName>(
  connection: Connection,
  operation: N,
  input: OperationInput<N>,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<OperationOutput<N>> {
  return new Promise((resolve, reject) => {
    const fail = (cause: AirdockError): void => {
      stop();
      reject(cause);
    };
    const body = Buffer.from(JSON.stringify(input));
    const request = open(connection, `${apiPrefix}/${operation}`, 'POST', { 'content-type': 'application/json', 'content-length': String(body.length) });
    const limit = slow.has(operation) ? undefined : setTimeout(() => request.destroy(new Error('it did not answer within 30 seconds')), QUICK_MS);
    const onAbort = (): void => {
      fail(cancelled());
      request.destroy();
    };
    const stop = (): void => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', onAbort);
    };
    request.on('error', (error) => fail(notRunning(connection, error)));
    request.on('response', (response) => {
      readText(response).then(
        (text) => {
          stop();
          const answer = parseJson(text);
          const failure = failureSchema.safeParse(answer);
          if (response.statusCode === 200 && answer !== undefined) resolve(answer as OperationOutput<N>);
          else if (failure.success) reject(new AirdockError(failure.data.problem));
          else reject(new AirdockError(problem('not-running', `What answers at ${connection.url} is not Airdock.`)));
        },
        (error: unknown) => fail(notRunning(connection, error)),
      );
    });
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    request.end(body);
  });
}

/** A request with the key in its headers, on a connection of its own. */
export function open({ url, token, by }: Connection, path: string, method: string, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof httpRequest> {
  // What cannot stand in a header would make the request throw.
  const caller = by.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
  return httpRequest(new URL(path, url), { method, agent: false, headers: { authorization: `Bearer ${token}`, [callerHeader]: caller, ...headers } });
}

export function cancelled(): AirdockError {
  return new AirdockError(problem('cancelled', 'The call was cancelled.'));
}

function notRunning({ url }: Connection, error: unknown): AirdockError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  const words = code === 'ECONNREFUSED' ? 'nothing answers there' : code === 'ECONNRESET' ? 'the connection was cut' : error instanceof Error ? error.message : String(error);
  return new AirdockError(problem('not-running', `Airdock cannot be reached at ${url}: ${words}.`, 'Start Airdock and try again.'));
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
