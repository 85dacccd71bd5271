import type { IncomingHttpHeaders } from 'node:http';
import { problem, type Problem } from '../../contract/index.ts';

const ownNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses a request that was not sent to one of this server's own names (a page whose name was pointed at 127.0.0.1 after it
 * was loaded sends its own name), or that a page of another origin sends, other ports of this computer included.
 */
export function refuseForeign(headers: IncomingHttpHeaders, port: number): Problem | null {
  const { host = '', origin } = headers;
  if (!ownNames.some((name) => host === `${name}:${port}` || (port === 80 && host === name))) {
    return problem('forbidden', `Requests for the host "${printable(host)}" are not answered here.`, `Use http://127.0.0.1:${port}.`);
  }
  // Same-origin fetches and pages opened from the address bar either have no Origin or exactly this one.
  if (origin !== undefined && origin !== `http://${host}`) {
    return problem('forbidden', `Pages of ${printable(origin)} may not use Airdock.`, 'Open the dashboard through the address that Airdock shows.');
  }
  return null;
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
  // An Origin that got here is the own one (refuseForeign).
  if (options.changes && headers.origin === undefined && site !== 'same-origin') {
    return problem('forbidden', 'A request with a cookie must say that it comes from Airdock’s own page (Origin or Sec-Fetch-Site).', 'In a script use the token instead: Authorization: Bearer …');
  }
  return null;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
