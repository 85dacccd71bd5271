import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem, type Config, type RequestView } from '../../contract/index.ts';
import type { Route } from '../web/server.ts';
import { createBodyRoom } from './body-room.ts';
import { sendJson, sendText, type Call } from './call.ts';
import { clientOf } from './client-name.ts';
import type { GatewayParts } from './deps.ts';
import { createModelFinder } from './find-model.ts';
import { createForwarder } from './forward.ts';
import { answerInference } from './inference.ts';
import { answerMetrics, answerModel, answerModels, answerPs, answerShow, answerStatus, answerTags, answerVersion } from './lists.ts';
import { createMetrics } from './metrics.ts';
import { createGuardNotes } from './notes.ts';
import { answerManagement, mayChange } from './ollama/management.ts';
import { passToOllama } from './pass.ts';
import type { GatewayPorts } from './ports.ts';
import { refuse } from './refuse.ts';
import { createRegister } from './requests.ts';
import { stalledMs } from './stalled.ts';
import { routeOf, type GatewayRoute } from './routes.ts';

export interface Gateway {
  /** For `WebServer.attach`. Host and Origin have been checked there. */
  route: Route;
  /** Requests that wait or are being answered: oldest first, as many as the dashboard shows, and how many more there are. */
  requests(): { requests: RequestView[]; moreRequests: number };
  /** Tells who waits that Airdock ends; what is being answered goes on. */
  endWaiting(): void;
  /** The same, and ends the connections to servers with what they are answering. */
  close(): void;
}

export interface GatewayOptions {
  version: string;
  /** A request came, got its model, or left. */
  onChange?: () => void;
  /** How often what waits is looked at, ms; default 1000. */
  tickMs?: number;
  /** After how long an event stream's waiting client gets a first comment, ms; default 10,000. */
  firstCommentMs?: number;
  /** How long nothing of an answer may move before its connection is closed, ms; default 10 minutes. */
  stalledMs?: number;
}

/** Answers programs that speak Ollama's or OpenAI's language: their requests load their models. */
export function createGateway(ports: GatewayPorts, settings: () => Config['gateway'], options: GatewayOptions): Gateway {
  const forwarder = createForwarder();
  const parts: GatewayParts = {
    ports,
    settings,
    forwarder,
    finder: createModelFinder({ models: ports.models, forwarder, now: ports.now }),
    register: createRegister({
      now: ports.now,
      waitLimitMs: () => settings().wait_limit_seconds * 1000,
      onChange: options.onChange ?? (() => undefined),
      ...(options.tickMs === undefined ? {} : { tickMs: options.tickMs }),
    }),
    bodies: createBodyRoom(() => settings().bodies_limit_mb * 1024 * 1024),
    notes: createGuardNotes(ports),
    metrics: createMetrics(),
    version: options.version,
    startedAt: ports.now(),
    firstCommentMs: options.firstCommentMs ?? 10_000,
    stalledMs: options.stalledMs ?? stalledMs,
  };

  function route(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    if (!settings().enabled) return false;
    const known = routeOf(request.method ?? '', path, request.headers.accept);
    if (known === null) return false;
    const call: Call = { request, response, path, route: known, client: clientOf(request.headers) };
    response.on('close', () => parts.metrics.answered(known.label, response.writableFinished ? response.statusCode : clientGone, call.client.kind));
    handlers[known.kind](parts, call)?.catch((fault: unknown) => {
      ports.onFault(fault);
      if (response.headersSent) response.destroy();
      else refuse(call, { problem: problem('internal', 'Airdock failed at this request.', 'The details are in Airdock’s own output.') });
    });
    return true;
  }

  return {
    route,
    requests: () => parts.register.views(),
    endWaiting: () => parts.register.close(),
    close() {
      parts.register.close();
      forwarder.close();
    },
  };
}

/** As Ollama logs it: the client left before it had its answer. */
const clientGone = 499;

const handlers: Readonly<Record<GatewayRoute['kind'], (parts: GatewayParts, call: Call) => Promise<unknown> | void>> = {
  root: (_parts, call) => sendText(call, 200, 'Ollama is running'),
  version: answerVersion,
  status: answerStatus,
  tags: answerTags,
  ps: answerPs,
  show: answerShow,
  models: answerModels,
  model: answerModel,
  infer: answerInference,
  manage: answerManagement,
  key: async (parts, call) => (mayChange(parts, call) ? passToOllama(parts, call, { body: 'stream' }) : undefined),
  pass: (parts, call) => passToOllama(parts, call, { body: 'stream' }),
  health: (parts, call) => sendJson(call, 200, { status: 'ok', name: 'airdock', version: parts.version }),
  metrics: answerMetrics,
};
