import type { Platform } from '../parts.ts';
import type { TrayHost } from './tray-host.ts';
import type { TrayIcon } from './tray.ts';

/** An answer is good for this long: each one costs a process. */
const KEPT_MS = 5_000;
/** At login Airdock may be there before the desktop's panel is: some five minutes in all. */
const PAUSES_MS: readonly number[] = [2, 2, 4, 8, 15, 30, 60, 60, 60, 60].map((seconds) => seconds * 1_000);

export interface TraySightDeps {
  platform: Platform;
  tray: Pick<TrayIcon, 'shown' | 'renew'>;
  /** Linux only. Never rejects. */
  find(): Promise<TrayHost>;
}

export interface TraySight {
  /** Whether a person can see the icon, as of some seconds ago. */
  shown(): Promise<boolean>;
  close(): void;
}

/** Knows whether the icon is to be seen, and makes it anew for a panel that came after it: it is announced only when it is made. */
export function createTraySight({ platform, tray, find }: TraySightDeps): TraySight {
  let known: { at: number; host: Promise<TrayHost> } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function host(): Promise<TrayHost> {
    const at = performance.now();
    if (known === null || at - known.at > KEPT_MS) known = { at, host: find() };
    return known.host;
  }

  async function wait(): Promise<void> {
    const atStart = (await find()).present;
    for (const ms of PAUSES_MS) {
      await new Promise<void>((resolve) => (timer = setTimeout(resolve, ms).unref()));
      if (closed) return;
      const { present, ours } = await find();
      if (closed || ours === true || (present && ours === null && atStart)) return;
      if (!present) continue;
      tray.renew();
      known = null;
      return;
    }
  }

  if (platform === 'linux' && tray.shown) void wait();

  return {
    async shown() {
      if (!tray.shown || platform !== 'linux') return tray.shown;
      const { present, ours } = await host();
      return present && ours !== false;
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
