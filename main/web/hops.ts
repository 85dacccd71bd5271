import type { IncomingHttpHeaders } from 'node:http';
import { hopHeader } from '../../contract/index.ts';

/** Airdocks on different computers may use each other's models, but not in an endless row. */
const MAX_HOPS = 4;

function hopsOf({ [hopHeader]: told }: IncomingHttpHeaders): string[] {
  if (told === undefined) return [];
  return [told].flat().join(',').split(',').map((hop) => hop.trim()).filter((hop) => hop !== '');
}

/** The header's value for what this Airdock passes on. */
export const withHop = (headers: IncomingHttpHeaders, instance: string): string => (headers[hopHeader] === undefined ? instance : [...hopsOf(headers), instance].join(', '));

/** The request has been here already, or at too many others. */
export function runsInCircle(headers: IncomingHttpHeaders, instance: string): boolean {
  if (headers[hopHeader] === undefined) return false;
  const hops = hopsOf(headers);
  return hops.includes(instance) || hops.length > MAX_HOPS;
}
