import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import type { Library } from './models.ts';
import type { Reply } from './reply.ts';
import type { Scheduler } from './scheduler.ts';
import type { FakeVersion } from './types.ts';

/** One request as a handler sees it. */
export interface Call {
  method: string;
  path: string;
  /** The rest of the path behind a prefix route. */
  rest: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Aborted when the client leaves before the answer is complete. */
  signal: AbortSignal;
  reply: Reply;
}

/** What handlers work with. */
export interface Context {
  version: FakeVersion;
  versionString: string;
  clock: Clock;
  /** Aborted when the server process ends. */
  down: AbortSignal;
  zoneMinutes: number;
  library: Library;
  registry: Library;
  scheduler: Scheduler;
  engine: Engine;
  pullBytesPerSecond: number;
}

export type Handler = (call: Call, context: Context) => void | Promise<void>;

export interface Route {
  method: string;
  /** Ends in '/' where the rest of the path is an argument. */
  path: string;
  handle: Handler;
  /** First generation that has it. */
  since?: FakeVersion;
}
