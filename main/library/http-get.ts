import { lookup as lookUp } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { problem, type Problem } from '../../contract/index.ts';
import { isInside } from './addresses.ts';

export const MAX_REDIRECTS = 5;
/** Without a byte for so long, a connection is taken for lost. */
const SILENCE_MS = 60_000;

export interface GetOptions {
  headers?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  silenceMs?: number;
}

/** `lost`: the same may well succeed later. */
export type GetResult = { ok: true; response: IncomingMessage; url: URL } | { ok: false; lost: boolean; problem: Problem };

/**
 * Opens the address of a file and follows at most five redirects. What comes from the internet must not send Airdock into the
 * network at home, nor from https to http. Never rejects; the caller reads or destroys the response.
 */
export async function getUrl(from: URL, options: GetOptions): Promise<GetResult> {
  let url = from;
  let startedInside: boolean | null = null;
  for (let hop = 0; ; hop++) {
    const opened = await open(url, options, startedInside === false);
    if (!opened.ok) return opened;
    const { response, inside } = opened;
    startedInside ??= inside;
    const status = response.statusCode ?? 0;
    if (![301, 302, 303, 307, 308].includes(status)) return { ok: true, response, url };
    response.destroy();
    const next = redirected(url, response.headers.location);
    if (next === null) return refused(`${url.host} leads on to an address that cannot be used.`);
    if (hop >= MAX_REDIRECTS) return refused(`${from.host} leads from one address to the next, more than ${MAX_REDIRECTS} times.`);
    if (url.protocol === 'https:' && next.protocol === 'http:') return refused(`${url.host} leads on to an address without encryption (${next.host}).`);
    url = next;
  }
}

function redirected(from: URL, location: string | undefined): URL | null {
  if (location === undefined || location.length > 8192) return null;
  try {
    const next = new URL(location, from);
    return (next.protocol === 'https:' || next.protocol === 'http:') && next.username === '' && next.password === '' ? next : null;
  } catch {
    return null;
  }
}

function refused(message: string): GetResult {
  return { ok: false, lost: false, problem: problem('download-failed', message, 'Copy the address of the file itself.') };
}

class LeadsInside extends Error {}

function open(url: URL, { headers = {}, signal, silenceMs = SILENCE_MS }: GetOptions, outsideOnly: boolean): Promise<{ ok: true; response: IncomingMessage; inside: boolean } | { ok: false; lost: boolean; problem: Problem }> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ok: false, lost: false, problem: problem('cancelled', 'The download was stopped.') });
    let inside = false;
    const judge = (...addresses: string[]): boolean => {
      const found = addresses.map(isInside);
      // A name that leads to both sides is one of the internet: it must not vouch for what lies inside.
      inside = found.every(Boolean);
      return !(outsideOnly && found.some(Boolean));
    };
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const leadsInside = { ok: false as const, lost: false, problem: problem('download-failed', `The address leads on to ${url.host}, which is inside your own network.`, 'Where that is meant, give that address itself.') };
    // A name is judged by what it really leads to, in the moment of connecting.
    const lookup: LookupFunction = (name, options, done) =>
      lookUp(name, options, (error, address, family) => {
        if (error) return done(error, address, family);
        const all = typeof address === 'string' ? [address] : address.map((one) => one.address);
        if (!judge(...all)) return done(new LeadsInside('inside') as NodeJS.ErrnoException, address, family);
        done(null, address, family);
      });
    if (isIP(hostname) !== 0 && !judge(hostname)) return resolve(leadsInside);
    const driver = url.protocol === 'https:' ? https : http;
    const request = driver.request(url, { agent: false, lookup, signal, headers: { 'user-agent': 'Airdock', 'accept-encoding': 'identity', accept: '*/*', ...headers } });
    request.setTimeout(silenceMs, () => request.destroy(Object.assign(new Error(`no byte came for ${Math.round(silenceMs / 1000)} s`), { code: 'ETIMEDOUT' })));
    request.on('response', (response) => resolve({ ok: true, response, inside }));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof LeadsInside) return resolve(leadsInside);
      resolve({ ok: false, ...connectionProblem(url.host, error, signal) });
    });
    request.end();
  });
}

/** A connection that failed, in a sentence. */
export function connectionProblem(host: string, error: NodeJS.ErrnoException, signal: AbortSignal): { lost: boolean; problem: Problem } {
  if (signal.aborted) return { lost: false, problem: problem('cancelled', 'The download was stopped.') };
  const code = error.code ?? '';
  if (code === 'ENOTFOUND') return { lost: false, problem: problem('download-failed', `There is no ${host}.`, 'Check the address, and the connection to the internet.') };
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/i.test(code)) return { lost: false, problem: problem('download-failed', `${host} cannot prove that it is ${host} (${code}).`, 'Its certificate is wrong or unknown here.') };
  if (code === 'ECONNREFUSED') return { lost: true, problem: problem('download-failed', `Nothing answers at ${host}.`, 'Check the address, or try again later.') };
  return { lost: true, problem: problem('download-failed', `The connection to ${host} was lost (${code || error.message}).`, 'Try again: it goes on where it was.') };
}

/** What an answer other than the file means; null: it is the file. */
export function statusProblem(host: string, status: number): { lost: boolean; problem: Problem } | null {
  if (status === 200 || status === 206) return null;
  if (status === 404 || status === 410) return { lost: false, problem: problem('not-found', `${host} has no such file.`, 'Check the address.') };
  if (status === 401 || status === 403) return { lost: false, problem: problem('forbidden', `${host} does not give that file to everybody (status ${status}).`, 'It may want you to sign in: download it with a browser, then take the file in by its path.') };
  const later = status === 429 || status >= 500;
  return { lost: later, problem: problem('download-failed', `${host} answered with status ${status}.`, later ? 'Try again later: it goes on where it was.' : 'Check the address.') };
}
