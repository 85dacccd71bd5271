import { readFile } from 'node:fs/promises';
import { cacheControlOf, findFile } from '../../web/static-files.ts';
import { securityHeaders } from '../../web/respond.ts';
import { appScheme, type ElectronParts } from '../parts.ts';
import { appPath, isAppAddress } from './app-address.ts';

/**
 * Tells Electron of the dashboard's own scheme; before `ready`. Standard and secure, so that it has an origin and the
 * rights of https; none of the other privileges (no way past the CSP, no service workers, not readable by other origins).
 */
export function registerAppScheme(protocol: ElectronParts['protocol']): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

interface ServeOptions {
  /** Told of what could not be read although it is there. */
  onFault?: (fault: unknown) => void;
}

/** Answers `app://airdock/…` with the files of the built dashboard, by the rules and with the headers of main/web, and nothing else. Returns its own undoing. */
export function serveApp(protocol: Pick<ElectronParts['protocol'], 'handle' | 'unhandle'>, dir: string, { onFault = () => undefined }: ServeOptions = {}): () => void {
  protocol.handle(appScheme, async (request) => {
    try {
      return await answer(request, dir);
    } catch (fault) {
      onFault(fault);
      return refuse(500, 'Airdock could not read this file of its own.');
    }
  });
  return () => protocol.unhandle(appScheme);
}

type AppRequest = Pick<Request, 'method' | 'url'> & { readonly initiatorOrigin?: string | null };

async function answer(request: AppRequest, dir: string): Promise<Response> {
  const urlPath = appPath(request.url);
  if (urlPath === null) return refuse(403, 'There is only app://airdock.');
  // Absent where the browser itself asks, as for the page; "null" and every other origin is a page of somebody else's.
  if (request.initiatorOrigin !== undefined && !isAppAddress(request.initiatorOrigin)) return refuse(403, 'Only the dashboard reads its files.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'There is nothing to change here.', { allow: 'GET, HEAD' });
  const file = await findFile(dir, urlPath);
  if (file === null) return refuse(404, urlPath === '/' ? 'The dashboard has not been built: npm run build.' : 'There is nothing at this address.');
  // Read in one piece: the files are small, and Electron's reading inside of an archive is best trodden here.
  const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(file.path));
  return new Response(body, { status: 200, headers: { ...securityHeaders, 'content-type': file.type, 'cache-control': cacheControlOf(urlPath) } });
}

function refuse(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(sentence, { status, headers: { ...securityHeaders, ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } });
}
