import type { DashboardPage } from '../../contract/index.ts';

// Written out, because importing the value would bring the schemas (and zod) into the page.
export const pages = ['memory', 'models', 'activity', 'settings'] as const satisfies readonly DashboardPage[];

/** The part of the address that says which page is shown: "#/models". */
export function addressOf(page: DashboardPage): string {
  return `#/${page}`;
}

/** The page that an address' fragment names; null where it names none (a sign-in code, nothing at all, a page that is no more). What follows the page's name is the page's own. */
export function pageIn(hash: string): DashboardPage | null {
  const name = /^#\/([^/?]+)/.exec(hash)?.[1];
  return pages.find((page) => page === name) ?? null;
}
