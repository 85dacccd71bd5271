import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problem, type Outcome } from '../../contract/index.ts';
import { dockerAddresses, type Interfaces } from './addresses.ts';
import { listenProblem } from './listen-problem.ts';

export interface Place {
  /** A name of this computer's loopback; anything else is refused. */
  host: string;
  /** 0: any free port. */
  port: number;
  /** On all interfaces, IPv4 and IPv6. */
  lan: boolean;
  /** On Docker's bridges too. */
  docker: boolean;
  interfaces?: Interfaces | undefined;
}

export interface Listening {
  servers: Server[];
  port: number;
}

const hosts: Readonly<Record<string, string>> = { '127.0.0.1': '127.0.0.1', localhost: '127.0.0.1', '::1': '::1', '[::1]': '::1' };
/** A free port on loopback may be taken elsewhere; so many are tried. */
const FREE_PORT_TRIES = 10;

/** The loopback address that a configured host stands for; null: it is no name of it. */
export const loopbackOf = (host: string): string | null => hosts[host] ?? null;

/** Listens on every address that is wanted, or on none: a port that is taken on one of them is a problem, never a reason to move. */
export async function listenOnAll(create: () => Server, place: Place): Promise<Outcome<Listening>> {
  const loopback = loopbackOf(place.host);
  if (loopback === null) {
    const hint = 'Set gateway.host to 127.0.0.1; gateway.lan lets other devices in.';
    return { ok: false, problem: problem('bad-config', `Airdock answers on a name of this computer alone, not on ${place.host}.`, hint) };
  }
  for (let tries = 1; ; tries++) {
    const listening = place.lan ? await listenEverywhere(create, loopback, place.port) : await listenOn(create, [loopback, ...(place.docker ? dockerAddresses(place.interfaces) : [])], place.port);
    if (listening.ok) return listening;
    if (place.port !== 0 || listening.code !== 'EADDRINUSE' || tries === FREE_PORT_TRIES) return { ok: false, problem: await listenProblem(listening, listening.host, listening.port) };
  }
}

type Tried = { ok: true; value: Listening } | (NodeJS.ErrnoException & { ok: false; host: string; port: number });

async function listenOn(create: () => Server, addresses: readonly string[], wanted: number): Promise<Tried> {
  const servers: Server[] = [];
  let port = wanted;
  for (const host of addresses) {
    const server = create();
    const error = await begin(server, host, port);
    if (error !== null) {
      await Promise.all(servers.map(end));
      return Object.assign(error, { ok: false as const, host, port });
    }
    servers.push(server);
    port = (server.address() as AddressInfo).port;
  }
  return { ok: true, value: { servers, port } };
}

/** One socket for everything. Some systems allow it beside another program's on loopback, which would then get this computer's requests: so loopback is tried first. */
async function listenEverywhere(create: () => Server, loopback: string, wanted: number): Promise<Tried> {
  const probe = await listenOn(create, [loopback], wanted);
  if (!probe.ok) return probe;
  await Promise.all(probe.value.servers.map(end));
  const both = await listenOn(create, ['::'], probe.value.port);
  // A system without IPv6.
  if (!both.ok && (both.code === 'EAFNOSUPPORT' || both.code === 'EADDRNOTAVAIL' || both.code === 'EINVAL')) return listenOn(create, ['0.0.0.0'], probe.value.port);
  return both;
}

function begin(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      resolve(null);
    });
  });
}

const end = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
