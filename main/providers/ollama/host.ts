const defaultPort = 11434;

export interface OllamaHost {
  protocol: 'http:' | 'https:';
  /** Name or address without brackets, never an unspecified address. */
  hostname: string;
  port: number;
  /** Path prefix without a trailing slash; '' for none. */
  prefix: string;
  /** For people and logs: without user name and password. */
  url: string;
  /** The host is this computer's loopback. */
  loopback: boolean;
}

/**
 * Where Ollama listens, by Ollama's own reading of OLLAMA_HOST (envconfig.Host): the scheme may be missing (http), the port may be
 * missing (11434; 80 and 443 where a scheme is given), quotes and blanks around it are dropped, a bad port is the default one.
 * A server is told to listen on an unspecified address; a client reaches it on loopback.
 */
export function resolveHost(configured: string | null, env: Readonly<Record<string, string | undefined>>): OllamaHost {
  const text = unquote(configured ?? env['OLLAMA_HOST'] ?? '');
  const split = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  const protocol = split?.[1]?.toLowerCase() === 'https' ? 'https:' : 'http:';
  const fallbackPort = split === null ? defaultPort : protocol === 'https:' ? 443 : 80;
  const rest = split?.[2] ?? text;
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const prefix = slash === -1 ? '' : rest.slice(slash).replace(/\/+$/, '');
  const { host, port } = splitAuthority(authority.slice(authority.lastIndexOf('@') + 1));
  const hostname = reachable(host);
  const usedPort = parsePort(port) ?? fallbackPort;
  const shown = hostname.includes(':') ? `[${hostname}]` : hostname;
  return { protocol, hostname, port: usedPort, prefix, url: `${protocol}//${shown}:${usedPort}${prefix}`, loopback: isLoopback(hostname) };
}

/** Its address without a path. */
export const originOf = ({ url, prefix }: OllamaHost): string => url.slice(0, url.length - prefix.length);

function unquote(text: string): string {
  return text.trim().replace(/^["']+|["']+$/g, '').trim();
}

function splitAuthority(authority: string): { host: string; port: string | null } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(authority);
  if (bracketed) return { host: bracketed[1] ?? '', port: bracketed[2] ?? null };
  const colon = authority.indexOf(':');
  // More than one colon without brackets is an IPv6 address.
  if (colon === -1 || authority.indexOf(':', colon + 1) !== -1) return { host: authority, port: null };
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1) };
}

function parsePort(text: string | null): number | null {
  if (text === null || !/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port > 0 && port <= 65535 ? port : null;
}

/** Ollama binds 127.0.0.1 unless told otherwise, so "localhost" is not left to a resolver that may prefer ::1. */
function reachable(host: string): string {
  const lower = host.toLowerCase();
  if (lower === '' || lower === '0.0.0.0' || lower === 'localhost') return '127.0.0.1';
  return lower === '::' ? '::1' : lower;
}

function isLoopback(hostname: string): boolean {
  return hostname === '::1' || hostname.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
