import { bridgeOf } from '../desktop.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { configuredAddress, isLoopback } from './settings-address.ts';

export interface AppsAddress {
  /** Where apps on the device of this page reach Airdock now; null: unknown, as the port is chosen at each start. */
  now: string | null;
  /** Where they do from its next start; null: a port that is chosen then. */
  configured: string | null;
  /** Whether that device is the computer that Airdock runs on: apps there need no key. */
  here: boolean;
}

/** null until the settings are known. */
export function useAppsAddress(): AppsAddress | null {
  const gateway = useDashboard((state) => state.settings?.config.gateway);
  if (gateway === undefined) return null;
  const configured = configuredAddress(gateway);
  // The page of a browser comes from the very address; the desktop app's does not.
  if (bridgeOf(window) !== null) return { now: configured, configured, here: true };
  return { now: window.location.origin, configured, here: isLoopback(window.location.hostname) };
}
