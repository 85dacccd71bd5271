import { problem, type Problem } from '../../../contract/index.ts';
import type { HttpAddress } from '../http.ts';

export interface ServerAddress extends HttpAddress {
  prefix: '';
  /** Without a path: where requests are passed on to. */
  origin: string;
  /** The path that stands for OpenAI's "/v1". */
  base: string;
  /** The path beside which servers have what is their own: the base without "/v1". */
  root: string;
}

/** A base URL as clients of OpenAI have it: what follows it is "/chat/completions" and the like. Without a path, "/v1" is meant. */
export function parseBaseUrl(text: string, name: string): { ok: true; address: ServerAddress } | { ok: false; problem: Problem } {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return wrong(`The address of ${name} cannot be read.`);
  }
  // The address is shown; what opens the server must not be.
  if (url.username !== '' || url.password !== '' || url.search !== '') return wrong(`The address of ${name} holds a name, a password or a query, and those do not belong there.`, keyHint);
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return wrong(`The address of ${name} must begin with http:// or https://.`);
  const { protocol, pathname } = url;
  const path = pathname.replace(/\/+$/, '');
  const base = path === '' ? '/v1' : path;
  const port = url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { ok: true, address: { protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''), port, prefix: '', origin: url.origin, base, root: base.replace(/\/v1$/, '') } };
}

const keyHint = 'Put the key into an environment variable and name that in "key_env".';

function wrong(message: string, hint = 'Correct "base_url" under providers.openai, for example http://127.0.0.1:1234/v1.'): { ok: false; problem: Problem } {
  return { ok: false, problem: problem('bad-config', message, hint) };
}
