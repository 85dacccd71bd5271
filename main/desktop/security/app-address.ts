import { appOrigin, appScheme } from '../parts.ts';

const host = appOrigin.slice(`${appScheme}://`.length);

/** Whether an address is one of the dashboard's own. By its parts: `origin` of a scheme that is not the web's is "null" in Node, and a prefix fits `app://airdock.evil` too. */
export function isAppAddress(address: string | null | undefined): boolean {
  return appPath(address) !== null;
}

/** The path of an address of the dashboard; null for every other address. */
export function appPath(address: string | null | undefined): string | null {
  if (address == null || !URL.canParse(address)) return null;
  const url = new URL(address);
  const ours = url.protocol === `${appScheme}:` && url.host === host && url.username === '' && url.password === '';
  return ours ? url.pathname || '/' : null;
}
