import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright';
import { packageRoot } from '../main/package-root.ts';
import { findChromium, launchChromium } from '../test/browser/chromium.ts';
import { openDashboard } from '../test/browser/dashboard-page.ts';
import { createEngineServer } from '../test/browser/engine-server.ts';
import { countPushes, type Pushed } from './count-pushes.ts';
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
const WARM_UP_MS = 5_000;
const MIB = 1024 ** 2;
const categories = ['devtools.timeline', '__metadata'];

/**
 * The built dashboard in Chromium, with 16 models in memory and 200 installed: time in scripts for one push of the engine's
 * state, which comes every second, and what comes with it: the list of models where a fit has changed, and the second's own
 * countdowns. Engine, ticker and store are the real ones, over a memory that breathes (breathing-memory.ts). Read from
 * Chromium's tracing; beside it, what the page has to fetch before it can draw.
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
    const seconds = quick ? 8 : 30;
    const memory = await onePage(browser, folder, '#/memory', seconds);
    const models = await onePage(browser, folder, '#/models', seconds);
    return [row('memory page', memory), row('models page', models), size];
  } finally {
    await browser.close();
  }
}

interface Cost {
  cpu: number;
  wall: number;
  task: number;
  pushed: Pushed;
}

function row(name: string, { cpu, wall, task, pushed }: Cost): BenchResult {
  const pushes = `${pushed.states} pushes from the engine's own view in ${pushed.seconds} s, ${pushed.lists} lists of models with ${rounded(pushed.fits / Math.max(1, pushed.lists))} new fits each, free memory moving by ${rounded(pushed.moved / pushed.states / MIB)} MB a push`;
  const note = `CPU time; ${rounded(wall)} ms by the clock, with layout and paint ${rounded(task)} ms; mean of ${pushes}`;
  return { name: `${name}, scripting per push, ${IN_MEMORY} in memory, ${INSTALLED} installed`, figure: rounded(cpu), unit: 'ms', target: TARGET_MS, note };
}

async function onePage(browser: Browser, folder: string, hash: string, seconds: number): Promise<Cost> {
  const crowd = await crowdedPage({ inMemory: IN_MEMORY, models: INSTALLED });
  const engine = await createEngineServer({ folder, snapshot: crowd.snapshot() });
  engine.history = crowd.history;
  const count = countPushes(crowd.snapshot(), seconds);
  const { page, close } = await openDashboard(browser, engine, { hash });
  await page.getByRole('main').getByText('family-1-model-1:2b').first().waitFor();
  const stop = crowd.watch((event) => {
    engine.emit(event);
    count.take(event);
  });
  try {
    await wait(WARM_UP_MS);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const before = await metrics(session);
    const trace = await startTracing(browser);
    count.reset();
    await wait(seconds * 1_000);
    const pushed = { ...count.pushed };
    const events = await trace.stop();
    const after = await metrics(session);
    const each = (total: number) => total / pushed.states;
    return {
      cpu: each(scriptingMs(events, 'cpu')),
      wall: each(scriptingMs(events, 'wall')),
      task: each(((after.get('TaskDuration') ?? NaN) - (before.get('TaskDuration') ?? NaN)) * 1_000),
      pushed,
    };
  } finally {
    stop();
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
