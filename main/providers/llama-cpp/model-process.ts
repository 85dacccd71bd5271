import { fromChildSchema } from './messages.ts';
import type { EmbedDone, FromChild, GenerateDone, GenerateWork, LoadMessage, Ready, RequestFailure, ToChild } from './messages.ts';
import { oomKillCount } from './oom.ts';
import type { ChildExit, ChildHandle } from './spawn-child.ts';

export interface Ending extends ChildExit {
  /** Airdock ended it. */
  wanted: boolean;
  /** Linux killed some process for want of memory while this one lived, and this one died of SIGKILL. */
  oomKilled: boolean;
  errorText: string;
}

export type StartOutcome = { ok: true; ready: Ready } | { ok: false; failed: Extract<FromChild, { type: 'failed' }> | null; ending: Ending };

export type RequestOutcome<T> = { ok: true; done: T } | ({ ok: false } & RequestFailure);

/** One child process from birth to death: starting → ready → ended. */
export interface ModelProcess {
  /** Null while it is not yet known, and where it could not be started. */
  readonly pid: number | null;
  /** Settles when the model is ready or the process has ended, whichever comes first. */
  readonly started: Promise<StartOutcome>;
  /** Settles when the process has ended and its memory is back. */
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  /** One request at a time; the caller sees to that. `onText` gets nothing more after `signal` was aborted. */
  generate(work: GenerateWork, signal: AbortSignal, onText: (text: string) => void): Promise<RequestOutcome<GenerateDone>>;
  embed(inputs: readonly string[], signal: AbortSignal): Promise<RequestOutcome<EmbedDone>>;
  /** Asks it to end and, after `graceMs`, ends it. Requests under way fail at once. */
  end(graceMs: number): Promise<Ending>;
}

/** A request that the child works on. */
interface Request {
  /** A message of the child about it; true: it was the last one. */
  take(message: FromChild): boolean;
  fail(failure: RequestFailure): void;
}

const left: RequestFailure = { code: 'generate-failed', message: 'the model left memory in the middle of it' };
const gone: RequestFailure = { code: 'generate-failed', message: 'the model is no longer in memory' };
const unreadable: RequestFailure = { code: 'generate-failed', message: 'what its process said could not be read' };

/** Takes over a child that has just been forked and tells it what to load. */
export function startModelProcess(child: ChildHandle, order: LoadMessage, onProgress: (fraction: number) => void, onSpawn: (pid: number) => void = () => undefined): ModelProcess {
  const started = deferred<StartOutcome>();
  const ended = deferred<Ending>();
  const requests = new Map<number, Request>();
  const oomKillsBefore = oomKillCount();
  let failed: Extract<FromChild, { type: 'failed' }> | null = null;
  let wanted = false;
  let over = false;
  let lastId = 0;

  const fail = (id: number, failure: RequestFailure) => {
    const request = requests.get(id);
    requests.delete(id);
    request?.fail(failure);
  };
  const failAll = () => {
    for (const id of [...requests.keys()]) fail(id, left);
  };

  child.onMessage((raw) => {
    const parsed = fromChildSchema.safeParse(raw);
    if (!parsed.success) {
      // Whoever waits for it must not wait for ever.
      const id = requestIdOf(raw);
      if (id !== null) fail(id, unreadable);
      return;
    }
    const message = parsed.data;
    if (message.type === 'progress') onProgress(message.fraction);
    else if (message.type === 'ready') started.resolve({ ok: true, ready: message });
    else if (message.type === 'failed') failed = message;
    else if (message.type === 'request-failed') fail(message.id, { code: message.code, message: message.message });
    else if (requests.get(message.id)?.take(message)) requests.delete(message.id);
  });

  child.onExit((exit) => {
    over = true;
    const oomKills = oomKillCount();
    const killed = !wanted && exit.signal === 'SIGKILL' && failed === null;
    const ending: Ending = {
      ...exit,
      wanted,
      oomKilled: killed && oomKills !== null && oomKillsBefore !== null && oomKills > oomKillsBefore,
      errorText: child.errorText(),
    };
    failAll();
    started.resolve({ ok: false, failed, ending });
    ended.resolve(ending);
  });

  child.onSpawn(onSpawn);
  child.send(order);

  /** Sends one request and follows it to its end; `take` gives the result, or null while there is more to come. */
  function ask<T>(messageFor: (id: number) => ToChild, signal: AbortSignal, take: (message: FromChild) => T | null): Promise<RequestOutcome<T>> {
    if (over || wanted) return Promise.resolve({ ok: false, ...gone });
    const id = ++lastId;
    const { promise, resolve } = deferred<RequestOutcome<T>>();
    const abort = () => child.send({ type: 'abort', id });
    const settle = (outcome: RequestOutcome<T>) => {
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    signal.addEventListener('abort', abort, { once: true });
    requests.set(id, {
      take(message) {
        const done = take(message);
        if (done !== null) settle({ ok: true, done });
        return done !== null;
      },
      fail: (failure) => settle({ ok: false, ...failure }),
    });
    child.send(messageFor(id));
    return promise;
  }

  return {
    get pid() {
      return child.pid;
    },
    started: started.promise,
    ended: ended.promise,
    hasEnded: () => over,

    generate: (work, signal, onText) =>
      ask(
        (id) => ({ type: 'generate', id, work }),
        signal,
        (message) => {
          if (message.type === 'text' && !signal.aborted) onText(message.text);
          return message.type === 'generated' ? message.done : null;
        },
      ),

    embed: (inputs, signal) =>
      ask(
        (id) => ({ type: 'embed', id, inputs }),
        signal,
        (message) => (message.type === 'embedded' ? message.done : null),
      ),

    async end(graceMs) {
      wanted = true;
      failAll();
      if (!over && graceMs > 0) {
        child.send({ type: 'exit' });
        const timer = setTimeout(() => child.kill(), graceMs);
        void ended.promise.then(() => clearTimeout(timer));
      } else if (!over) child.kill();
      return ended.promise;
    },
  };
}

/** The request that a message is about which does not have the form agreed upon. */
function requestIdOf(raw: unknown): number | null {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'number' ? raw.id : null;
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
