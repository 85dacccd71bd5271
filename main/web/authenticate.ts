import type { IncomingHttpHeaders } from 'node:http';
import { isSameSecret, type Sessions } from './sessions.ts';

export type Caller = 'token' | 'cookie';

/** Cookies are shared by all ports of a host; the port in the name keeps two Airdocks apart. */
export const cookieName = (port: number): string => `airdock_session_${port}`;

/** Who sends the request, or null. A wrong token is not made good by a cookie. */
export function authenticate(headers: IncomingHttpHeaders, { token, sessions, port }: { token: string; sessions: Sessions; port: number }): Caller | null {
  if (headers.authorization !== undefined) {
    const shown = bearerOf(headers);
    return shown !== null && isSameSecret(shown, token) ? 'token' : null;
  }
  const id = readCookie(headers.cookie ?? '', cookieName(port));
  return id !== null && sessions.isValid(id) ? 'cookie' : null;
}

/** Whether a program shows the key for apps, or the token, in one of the two headers that clients have for it (the second is Anthropic's). */
export function showsKey(headers: IncomingHttpHeaders, secrets: readonly string[]): boolean {
  return isKey(shownSecrets(headers), secrets);
}

export function isKey(shown: readonly string[], secrets: readonly string[]): boolean {
  return shown.some((one) => secrets.some((secret) => isSameSecret(one, secret)));
}

/** Keys that the request shows, right or wrong. */
export function shownSecrets(headers: IncomingHttpHeaders): readonly string[] {
  const bearer = headers.authorization === undefined ? null : bearerOf(headers);
  const header = headers['x-api-key'];
  if (header === undefined) return bearer === null ? none : [bearer];
  const key = (Array.isArray(header) ? (header[0] ?? '') : header).trim();
  return [...(bearer === null ? [] : [bearer]), ...(key === '' ? [] : [key])];
}

const none: readonly string[] = [];

function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

function readCookie(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return null;
}
