import type { Bridge, bridgeName } from '../contract/index.ts';

/** The desktop app's bridge, where the page runs in it; null in a browser. */
export function bridgeOf(window: Window): Bridge | null {
  return (window as Window & { readonly [name in typeof bridgeName]?: Bridge }).airdock ?? null;
}
