import type { DashboardPage } from '../../contract/index.ts';
import { pages } from './page-address.ts';

/** What a key press stands for; `prefix`: the first of two keys. */
export type Shortcut = { do: 'open'; page: DashboardPage } | { do: 'search' | 'unload' | 'keep' | 'help' | 'prefix' };

const pageKeys: Readonly<Record<string, DashboardPage>> = { m: 'memory', o: 'models', a: 'activity', s: 'settings' };
const keys: Readonly<Record<string, Exclude<Shortcut['do'], 'open'>>> = { '/': 'search', '?': 'help', u: 'unload', k: 'keep', g: 'prefix' };

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** null: not ours. A key with a modifier belongs to the browser or the system. `prefixed`: the key before was `g`. */
export function shortcutOf({ key, ctrlKey, metaKey, altKey }: Press, prefixed: boolean): Shortcut | null {
  if (ctrlKey || metaKey || altKey) return null;
  const small = key.toLowerCase();
  if (prefixed && pageKeys[small] !== undefined) return { do: 'open', page: pageKeys[small] };
  const page = /^[1-9]$/.test(key) ? pages[Number(key) - 1] : undefined;
  if (page !== undefined) return { do: 'open', page };
  const what = Object.hasOwn(keys, small) ? keys[small] : undefined;
  return what === undefined ? null : { do: what };
}

/** For the list of shortcuts: what to press, in turn, or instead of each other. */
export const shortcutList = [
  { what: 'memory', presses: [['g', 'm'], ['1']] },
  { what: 'models', presses: [['g', 'o'], ['2']] },
  { what: 'activity', presses: [['g', 'a'], ['3']] },
  { what: 'settings', presses: [['g', 's'], ['4']] },
  { what: 'search', presses: [['/']] },
  { what: 'unload', presses: [['u']] },
  { what: 'keep', presses: [['k']] },
  { what: 'help', presses: [['?']] },
] as const;
