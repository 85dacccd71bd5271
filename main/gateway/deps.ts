import type { Config } from '../../contract/index.ts';
import type { BodyRoom } from './body-room.ts';
import type { ModelFinder } from './find-model.ts';
import type { Forwarder } from './forward.ts';
import type { Metrics } from './metrics.ts';
import type { GuardNotes } from './notes.ts';
import type { GatewayPorts } from './ports.ts';
import type { Register } from './requests.ts';

/** What the gateway's parts share. */
export interface GatewayParts {
  ports: GatewayPorts;
  settings: () => Config['gateway'];
  forwarder: Forwarder;
  finder: ModelFinder;
  register: Register;
  bodies: BodyRoom;
  notes: GuardNotes;
  metrics: Metrics;
  version: string;
  startedAt: number;
  /** A first comment is sent to an event stream's client after it has waited so long. */
  firstCommentMs: number;
  /** How long nothing of an answer may move before its connection is closed. */
  stalledMs: number;
}
