import { callerHeader } from '../../contract/index.ts';
import type { Backend } from './ports.ts';

/** Opens nothing at a server that the client does not know, or tells of those who ask through Airdock: it stays here. */
const clientsOwn: readonly string[] = [
  'authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'openai-organization', 'openai-project',
  'cookie', 'referer', callerHeader, 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip',
];

/** How a request reaches another's server: at the path that this has for "/v1" (an Ollama: before every path), and without what is between the client and Airdock. */
export function toServer({ base, dialect }: Extract<Backend, { kind: 'server' }>, { path, url = '' }: { path: string; url: string | undefined }): { path?: string; without: readonly string[] } {
  if (dialect === 'ollama') return base === undefined ? { without: [] } : { path: `${base}${url}`, without: clientsOwn };
  const query = url.indexOf('?');
  const rest = `${path.slice('/v1'.length)}${query === -1 ? '' : url.slice(query)}`;
  return { path: `${base ?? '/v1'}${rest}`, without: clientsOwn };
}
