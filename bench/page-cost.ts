import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright';
import { packageRoot } from '../main/package-root.ts';
import { findChromium, launchChromium } from '../test/browser/chromium.ts';
import { openDashboard } from '../test/browser/dashboard-page.ts';
import { createEngineServer } from '../test/browser/engine-server.ts';
import { crowdedPage } from './crowded-page.ts';
import { initialScriptBytes } from './page-size.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { scriptingMs, type TraceEvent } from './scripting-time.ts';
import { rounded } from './statistics.ts';

const TARGET_MS = 4;
const TARGET_KB = 160;
const IN_MEMORY = 16;
const INSTALLED = 200;
/** The first pushes compile what the others only run. */
const WARM_UP = 5;
const categories = ['devtools.timeline', '__metadata'];

/**
 * The built dashboard in Chromium, with 16 models in memory and 200 installed: time in scripts for one push of the engine, which
 * comes every second with new memory figures and one changed fit. The second's own countdowns are in it. Read from Chromium's
 * tracing; beside it, what the page has to fetch before it can draw.
 */
export async function benchPageCost({ quick }: BenchOptions): Promise<BenchResult[]> {
  const folder = process.env.AIRDOCK_RENDERER ?? path.join(packageRoot(), 'dist/renderer');
  const size: BenchResult = { name: 'dashboard, initial JS', figure: rounded(initialScriptBytes(folder) / 1_000), unit: 'kB gzipped', target: TARGET_KB };
  if (findChromium() === null) {
    console.error('page: no Chromium here, so only the size is measured');
    return [size];
  }
  const browser = await launchChromium();
  try {
    const pushes = quick ? 8 : 30;
    const memory = await onePage(browser, folder, '#/memory', pushes);
    const models = await onePage(browser, folder, '#/models', pushes);
    return [row('memory page', memory, pushes), row('models page', models, pushes), size];
  } finally {
    await browser.close();
  }
}

interface Cost {
  cpu: number;
  wall: number;
  task: number;
}

function row(name: string, cost: Cost, pushes: number): BenchResult {
  const note = `CPU time; ${rounded(cost.wall)} ms by the clock, with layout and paint ${rounded(cost.task)} ms; mean of ${pushes} pushes, one a second`;
  return { name: `${name}, scripting per push, ${IN_MEMORY} in memory, ${INSTALLED} installed`, figure: rounded(cost.cpu), unit: 'ms', target: TARGET_MS, note };
}

async function onePage(browser: Browser, folder: string, hash: string, pushes: number): Promise<Cost> {
  const crowd = crowdedPage({ inMemory: IN_MEMORY, models: INSTALLED });
  const engine = await createEngineServer({ folder, snapshot: crowd.first });
  const { page, close } = await openDashboard(browser, engine, { hash });
  try {
    await page.getByRole('main').getByText('family-1-model-1:2b').first().waitFor();
    const push = (second: number) => {
      const { state, models } = crowd.later(second);
      engine.emit({ type: 'state', state });
      engine.emit({ type: 'models', models });
    };
    for (let second = 1; second <= WARM_UP; second += 1) {
      push(second);
      await wait(1_000);
    }
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const before = await metrics(session);
    const trace = await startTracing(browser);
    for (let second = WARM_UP + 1; second <= WARM_UP + pushes; second += 1) {
      push(second);
      await wait(1_000);
    }
    const events = await trace.stop();
    const after = await metrics(session);
    const each = (name: string) => (((after.get(name) ?? NaN) - (before.get(name) ?? NaN)) * 1_000) / pushes;
    return { cpu: scriptingMs(events, 'cpu') / pushes, wall: scriptingMs(events, 'wall') / pushes, task: each('TaskDuration') };
  } finally {
    await close();
    await engine.down();
  }
}

async function metrics(session: CDPSession): Promise<Map<string, number>> {
  const { metrics: all } = await session.send('Performance.getMetrics');
  return new Map(all.map(({ name, value }) => [name, value]));
}

async function startTracing(browser: Browser): Promise<{ stop(): Promise<TraceEvent[]> }> {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: categories } });
  return {
    async stop() {
      const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
      await session.send('Tracing.end');
      await complete;
      await session.detach();
      return events;
    },
  };
}
