import { fromChildSchema } from './messages.ts';
import type { FromChild, LoadMessage, Ready } from './messages.ts';
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

export type GenerateOutcome = { ok: true; text: string; tokens: number } | { ok: false; message: string };

/** One child process from birth to death: starting → ready → ended. */
export interface ModelProcess {
  /** Null while it is not yet known, and where it could not be started. */
  readonly pid: number | null;
  /** Settles when the model is ready or the process has ended, whichever comes first. */
  readonly started: Promise<StartOutcome>;
  /** Settles when the process has ended and its memory is back. */
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  generate(prompt: string, maxTokens: number, signal: AbortSignal): Promise<GenerateOutcome>;
  /** Asks it to end and, after `graceMs`, ends it. */
  end(graceMs: number): Promise<Ending>;
}

/** Takes over a child that has just been forked and tells it what to load. */
export function startModelProcess(child: ChildHandle, order: LoadMessage, onProgress: (fraction: number) => void, onSpawn: (pid: number) => void = () => undefined): ModelProcess {
  const started = deferred<StartOutcome>();
  const ended = deferred<Ending>();
  const waiting = new Map<number, (outcome: GenerateOutcome) => void>();
  const oomKillsBefore = oomKillCount();
  let failed: Extract<FromChild, { type: 'failed' }> | null = null;
  let wanted = false;
  let over = false;
  let lastId = 0;

  const answer = (id: number, outcome: GenerateOutcome) => {
    waiting.get(id)?.(outcome);
    waiting.delete(id);
  };

  child.onMessage((raw) => {
    const parsed = fromChildSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'progress') onProgress(message.fraction);
    else if (message.type === 'ready') started.resolve({ ok: true, ready: message });
    else if (message.type === 'failed') failed = message;
    else if (message.type === 'generated') answer(message.id, { ok: true, text: message.text, tokens: message.tokens });
    else answer(message.id, { ok: false, message: message.message });
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
    for (const id of waiting.keys()) answer(id, { ok: false, message: 'the model left memory in the middle of it' });
    started.resolve({ ok: false, failed, ending });
    ended.resolve(ending);
  });

  child.onSpawn(onSpawn);
  child.send(order);

  return {
    get pid() {
      return child.pid;
    },
    started: started.promise,
    ended: ended.promise,
    hasEnded: () => over,

    generate(prompt, maxTokens, signal) {
      if (over) return Promise.resolve({ ok: false, message: 'the model is no longer in memory' });
      const id = ++lastId;
      const outcome = deferred<GenerateOutcome>();
      const abort = () => child.send({ type: 'abort', id });
      signal.addEventListener('abort', abort, { once: true });
      waiting.set(id, (result) => {
        signal.removeEventListener('abort', abort);
        outcome.resolve(result);
      });
      child.send({ type: 'generate', id, prompt, maxTokens });
      return outcome.promise;
    },

    async end(graceMs) {
      wanted = true;
      if (!over && graceMs > 0) {
        child.send({ type: 'exit' });
        const timer = setTimeout(() => child.kill(), graceMs);
        void ended.promise.then(() => clearTimeout(timer));
      } else if (!over) child.kill();
      return ended.promise;
    },
  };
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
