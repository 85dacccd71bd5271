import type { ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import type { FaultSpec, LoadFault } from './types.ts';

export interface Faults {
  add(spec: FaultSpec): () => void;
  clear(): void;
  /** The fault that hits this request, used up by one. */
  take(method: string, path: string): FaultSpec | undefined;
  failNextLoad(kind: LoadFault): void;
  nextLoadFault(): LoadFault | undefined;
}

export function createFaults(): Faults {
  let active: { spec: FaultSpec; left: number }[] = [];
  const loads: LoadFault[] = [];
  return {
    add: (spec) => {
      const entry = { spec, left: spec.times ?? Infinity };
      active.push(entry);
      return () => {
        active = active.filter((each) => each !== entry);
      };
    },
    clear: () => {
      active = [];
      loads.length = 0;
    },
    take: (method, path) => {
      const hit = active.find(({ spec }) => (spec.route === '*' || spec.route === path) && (spec.method === undefined || spec.method === method));
      if (hit === undefined) return undefined;
      hit.left--;
      if (hit.left <= 0) active = active.filter((each) => each !== hit);
      return hit.spec;
    },
    failNextLoad: (kind) => void loads.push(kind),
    nextLoadFault: () => loads.shift(),
  };
}

/** How a fault ends: `handled` answered (or never will), `cut` and `proceed` go on to the real handler. */
export type FaultEffect = 'handled' | 'proceed' | 'cut';

export async function applyFault(spec: FaultSpec, res: ServerResponse, clock: Clock): Promise<FaultEffect> {
  const send = (status: number, type: string, body: string): FaultEffect => {
    res.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
    res.end(body);
    return 'handled';
  };
  switch (spec.kind) {
    case 'garbage':
      return send(200, 'application/json; charset=utf-8', '\u0001\u0002 {]"models": not json');
    case 'shape':
      return send(200, 'application/json; charset=utf-8', '{"models":{"0":"surprise"},"version":12,"done":"yes"}');
    case 'status500':
      return send(500, 'application/json; charset=utf-8', '{"error":"internal server error"}');
    case 'html':
      return send(502, 'text/html', '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>');
    case 'empty':
      return send(200, 'application/json; charset=utf-8', '');
    case 'hang':
      return 'handled';
    case 'reset':
      res.socket?.resetAndDestroy();
      return 'handled';
    case 'slow':
      await clock.sleep(spec.delayMs ?? 200);
      return 'proceed';
    case 'half':
      return 'cut';
  }
}
