import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = path.join(import.meta.dirname, '../screenshots');

interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** The rules whose answer hangs on colours: all that another theme can break. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** What axe-core finds wrong, as "rule: where, why"; empty when all is well. `colours`: by those rules alone. */
export async function axeViolations(page: Page, only?: 'colours'): Promise<string[]> {
  // Through the debugger, not a script tag: the page's policy forbids those, and is not relaxed for the test. Once per page: it is half a megabyte.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  // What is told in full is only what fails.
  const options = { resultTypes: ['violations'], ...(only === undefined ? {} : { runOnly: { type: 'rule', values: colourRules } }) };
  const violations = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then((result) => result.violations)`)) as Violation[];
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${String(target)} ${failureSummary ?? ''}`));
}

/** Everything that makes a page scroll sideways is a fault at any width. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Keeps the whole page as test/screenshots/<name>.png. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
