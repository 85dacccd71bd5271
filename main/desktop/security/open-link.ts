import { problem, type Outcome } from '../../../contract/index.ts';
import type { ElectronParts } from '../parts.ts';

export type OpenLink = (address: string) => Promise<Outcome<{ text: string }>>;

/** Opens an https address in the user's browser. Everything else is refused: the system starts programs for other schemes. */
export function createOpenLink(shell: Pick<ElectronParts['shell'], 'openExternal'>): OpenLink {
  return async (address) => {
    const url = webAddress(address);
    if (url === null) return { ok: false, problem: problem('forbidden', 'Only https addresses are opened.', 'Copy the address, if you trust it.') };
    try {
      await shell.openExternal(url);
      return { ok: true, value: { text: 'Opened in your browser.' } };
    } catch {
      return { ok: false, problem: problem('internal', 'The system has no browser that it could open.', `The address is ${url}`) };
    }
  };
}

/** The address as its parts say it, so that what is opened is what was checked; null where it is not a plain https one. */
function webAddress(address: string): string | null {
  if (address.length > 2048 || !URL.canParse(address)) return null;
  const url = new URL(address);
  // A name before the host makes evil.example look like somebody else ("https://github.com@evil.example").
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
}

/** Opens the dashboard of another Airdock on this computer: http, but by a loopback number and nothing else. Rejects where it may or can not. */
export async function openLocalDashboard(shell: Pick<ElectronParts['shell'], 'openExternal'>, address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'http:' || !/^(127\.0\.0\.1|\[::1\])$/.test(url.hostname) || url.username !== '') throw new Error('This is no address of an Airdock on this computer.');
  await shell.openExternal(url.href);
}
