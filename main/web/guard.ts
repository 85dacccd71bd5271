import type { IncomingHttpHeaders } from 'node:http';
import { problem, type Problem } from '../../contract/index.ts';
import { inUrl, isLoopbackAddress } from './addresses.ts';

/** Names and origins that the settings allow beside the own ones; read anew for every request. */
export interface Allowed {
  hosts: readonly string[];
  origins: readonly string[];
}

export interface OwnAddress {
  port: number;
  /** The address of this computer that the request came to. */
  localAddress: string;
  /** Names of this computer for those whom the settings let in: its host name, Docker's name for it. */
  names: readonly string[];
}

/** `loopback`: only programs of this computer use that name · `listed`: allowed by the settings. */
export type HostCheck = { ok: true; kind: 'loopback' | 'own' | 'listed' } | { ok: false; problem: Problem };

/**
 * Refuses a request that was not sent to one of this server's own names: a page whose name was pointed at this computer after it
 * was loaded sends its own name. An address can be no such name, so the one that the request came to is always right.
 */
export function checkHost(headers: IncomingHttpHeaders, { port, localAddress, names }: OwnAddress, allowed: readonly string[]): HostCheck {
  const host = (headers.host ?? '').toLowerCase();
  const [, name = '', given = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
  const ownPort = given === String(port) || (given === '' && port === 80);
  const bare = name.replace(/^\[|\]$/g, '');
  // Ollama's own clients go to "all addresses" where OLLAMA_HOST says so, which ends at loopback; these can be pointed nowhere else either.
  const isEvery = bare === '0.0.0.0' || bare === '::';
  if (ownPort && (bare === 'localhost' || bare === '127.0.0.1' || bare === '::1' || ((isEvery || bare === localAddress) && isLoopbackAddress(localAddress)))) return { ok: true, kind: 'loopback' };
  if (ownPort && name !== '' && (name === inUrl(localAddress) || names.includes(name))) return { ok: true, kind: 'own' };
  // Behind a proxy the port is the proxy's, so a listed name without a port counts with every one.
  if (name !== '' && allowed.some((one) => [host, name].includes(one.trim().toLowerCase()))) return { ok: true, kind: 'listed' };
  const hint = `Use http://127.0.0.1:${port}${name === '' ? '' : `, or add ${printable(JSON.stringify(name))} to gateway.allowed_hosts`}.`;
  return { ok: false, problem: problem('forbidden', `Requests for the host "${printable(host)}" are not answered here.`, hint) };
}

/** For the dashboard and its API: refuses what a page of another origin sends, other ports of this computer included. */
export function refuseForeignOrigin(headers: IncomingHttpHeaders, kind: 'loopback' | 'own' | 'listed'): Problem | null {
  const { origin } = headers;
  // Same-origin fetches and pages opened from the address bar either have no Origin or exactly this one.
  if (origin === undefined || isOwnOrigin(headers, kind)) return null;
  return problem('forbidden', `Pages of ${printable(origin)} may not use Airdock.`, 'Open the dashboard through the address that Airdock shows.');
}

/** A listed name may be that of a proxy that speaks TLS. */
export function isOwnOrigin({ host = '', origin }: IncomingHttpHeaders, kind: 'loopback' | 'own' | 'listed'): boolean {
  return origin === `http://${host}` || (kind === 'listed' && origin === `https://${host}`);
}

/**
 * Cookies do not tell one port of a host from another, and SameSite neither: a page of any other server on this computer
 * counts as the same site. So a request that has only the cookie to show must come from the own page.
 */
export function refuseForeignPage(headers: IncomingHttpHeaders, options: { changes: boolean }): Problem | null {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return problem('forbidden', `Requests of a ${printable(String(site))} page may not use Airdock.`, 'Open the dashboard through the address that Airdock shows.');
  }
  // An Origin that got here is the own one (refuseForeignOrigin).
  if (options.changes && headers.origin === undefined && site !== 'same-origin') {
    return problem('forbidden', 'A request with a cookie must say that it comes from Airdock’s own page (Origin or Sec-Fetch-Site).', 'In a script use the token instead: Authorization: Bearer …');
  }
  return null;
}

export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
