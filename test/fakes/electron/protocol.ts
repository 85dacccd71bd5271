import type * as Electron from 'electron';
import type { World } from './world.ts';

type Handler = (request: Request) => Response | Promise<Response>;

export function createProtocol(world: World, isReady: () => boolean) {
  const handlers = new Map<string, Handler>();
  const privileged = new Map<string, Electron.Privileges>();
  let registered = false;

  const protocol = {
    registerSchemesAsPrivileged(schemes) {
      if (isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      // A second call replaces the first.
      if (registered) privileged.clear();
      registered = true;
      for (const { scheme, privileges } of schemes) privileged.set(scheme, privileges ?? {});
    },
    handle(scheme, handler) {
      world.needReady('protocol.handle can only be used after app is ready');
      if (handlers.has(scheme)) throw new Error(`The scheme has been registered: ${scheme}`);
      handlers.set(scheme, handler as unknown as Handler);
    },
    unhandle(scheme) {
      if (!handlers.delete(scheme)) throw new Error(`The scheme has not been registered: ${scheme}`);
    },
    isProtocolHandled: (scheme) => handlers.has(scheme),
    isProtocolRegistered: (scheme) => handlers.has(scheme),
    isProtocolIntercepted: () => false,
  } satisfies Partial<Electron.Protocol>;

  return {
    protocol: protocol as unknown as Electron.Protocol,
    privileged,
    /** What a page gets for that address; a handler that throws is a failed load, as in Electron. */
    async fetch(request: Request): Promise<Response> {
      const scheme = new URL(request.url).protocol.slice(0, -1);
      const handler = handlers.get(scheme);
      if (!handler) throw new Error(`ERR_UNKNOWN_URL_SCHEME loading '${request.url}'`);
      const response = await handler(request);
      if (!(response instanceof Response)) throw new Error(`ERR_UNEXPECTED loading '${request.url}': the handler gave no Response`);
      return response;
    },
  };
}
