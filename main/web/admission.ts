import os from 'node:os';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem, type Problem } from '../../contract/index.ts';
import { isLoopbackAddress, plainAddress } from './addresses.ts';
import { allowReading, answerPreflight, isAppPath, refuseForeignApp, sendAppRefusal } from './app-requests.ts';
import type { Attempts } from './attempts.ts';
import { isKey, shownSecrets } from './authenticate.ts';
import { checkHost, refuseForeignOrigin, type Allowed, type HostCheck } from './guard.ts';
import { runsInCircle } from './hops.ts';
import { prepareForOthers } from './passed-on.ts';
import { sendProblem } from './respond.ts';

export interface AdmissionOptions {
  port(): number;
  instance: string;
  /** Token and key for apps, whichever count just now. */
  secrets(): string[];
  allowed(): Allowed;
  lan: boolean;
  docker: boolean;
  attempts: Attempts;
}

/** What proxies tell about whom they pass on; some tell it in one of these alone. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto'] as const;

const mostKnown = 100;

/** `far`: the request comes from another device or container, or says that somebody passed it on. */
export type Admitted = { far: boolean; peer: string };

/** Whether a request may come in at all; null: it was refused, and has its answer. What the API asks for besides (token, sign-in) is its own affair. */
export type Admission = (request: IncomingMessage, response: ServerResponse, path: string) => Admitted | null;

export function createAdmission({ port, instance, secrets, allowed, lan, docker, attempts }: AdmissionOptions): Admission {
  const own = os.hostname().toLowerCase();
  /** Programs go to the same name at the same address again and again. What the settings allow besides may change at any time. */
  const known = new Map<string, HostCheck>();
  const names = [...(lan ? [own, `${own.replace(/\.local$/, '')}.local`] : []), ...(docker ? ['host.docker.internal', 'gateway.docker.internal'] : [])];

  function hostOf({ headers, socket }: IncomingMessage, hosts: readonly string[]): HostCheck {
    const localAddress = plainAddress(socket.localAddress ?? '');
    const key = `${localAddress} ${headers.host ?? ''}`;
    const before = known.get(key);
    if (before) return before;
    const found = checkHost(headers, { port: port(), localAddress, names }, hosts);
    if (found.ok && found.kind !== 'listed' && known.size < mostKnown) known.set(key, found);
    return found;
  }

  return (request, response, path) => {
    const { headers } = request;
    const app = isAppPath(path);
    const refuse = (status: number, cause: Problem, more: Readonly<Record<string, string>> = {}): null => {
      if (app) sendAppRefusal(response, path, status, cause, more);
      else sendProblem(response, status, cause, more);
      return null;
    };

    if (runsInCircle(headers, instance)) {
      const hint = 'Set providers.ollama.host (without it, OLLAMA_HOST counts) to the address at which Ollama itself listens.';
      return refuse(508, problem('bad-config', 'This request has passed Airdock before: an address in its settings leads back to itself.', hint));
    }
    const settings = allowed();
    const host = hostOf(request, settings.hosts);
    if (!host.ok) return refuse(403, host.problem);
    if (!path.startsWith('/')) return refuse(400, problem('bad-request', 'The address must begin with /.'));

    const peer = plainAddress(request.socket.remoteAddress ?? '');
    // A proxy on this computer, and Docker where it runs in a virtual machine, connect from loopback for others.
    const far = !isLoopbackAddress(peer) || host.kind !== 'loopback' || proxyHeaders.some((name) => headers[name] !== undefined);
    const shown = shownSecrets(headers);
    if (far && shown.length > 0) {
      const wait = attempts.waitSeconds(peer);
      if (wait > 0) return refuse(429, tooMany(wait), { 'retry-after': String(wait) });
    }

    // Clients ask "/" whether a server is there; nothing that it answers is secret.
    if (!app && path !== '/') {
      const foreign = refuseForeignOrigin(headers, host.kind);
      return foreign ? refuse(403, foreign) : { far, peer };
    }
    const hasKey = shown.length > 0 && isKey(shown, secrets());
    const foreign = refuseForeignApp(headers, { allowed: settings.origins, kind: host.kind, hasKey: hasKey || !app });
    if (foreign) return refuse(403, foreign);
    allowReading(request, response);
    if (answerPreflight(request, response)) return null;
    if (!app || !far || hasKey) {
      prepareForOthers(request, { instance, hasKey });
      return { far, peer };
    }
    const wrong = shown.length > 0;
    if (wrong) attempts.failed(peer);
    const hint = 'Send the file "key" of the data folder as "Authorization: Bearer …" or "x-api-key"; Airdock’s settings show it under “For apps”.';
    return refuse(401, problem('unauthorized', wrong ? 'This is not Airdock’s key for apps.' : 'From another device or a container, Airdock wants its key for apps.', hint), { 'www-authenticate': 'Bearer' });
  };
}

export const tooMany = (seconds: number): Problem => problem('unauthorized', 'Too many wrong keys or codes came from this address.', `Try again in ${seconds} s.`);
