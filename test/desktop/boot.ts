import type { EventEmitter } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import type { TestContext } from 'vitest';
import { createFakeElectron, type FakeElectron, type FakeElectronOptions, type Question, type TrayControls } from '../fakes/electron/index.ts';
import type { Place, Test } from '../app/place.ts';
import { until } from '../app/until.ts';
import type { Platform } from '../../main/desktop/parts.ts';
import { root } from './build-all.ts';
import { createChromiumPages } from './chromium-pages.ts';
import { importApp } from './import-app.ts';

export interface BootOptions extends Omit<FakeElectronOptions, 'openPage' | 'autoReady' | 'root'> {
  browser: Browser;
  place: Place;
  /** After the program's name. */
  args?: readonly string[];
  /** Another main script than the app's own. */
  entry?: string;
  /** How long its main script may take to be evaluated. */
  limitMs?: number;
  colorScheme?: 'light' | 'dark';
}

/** The whole built app, running in this process on a stand-in for Electron. */
export interface Desktop {
  fake: FakeElectron;
  /** What no page should ever do: errors, missing files, refused policies. */
  complaints: string[];
  /** The page of the open window; waits while it is being opened. */
  page(): Promise<Page>;
  /** The tray icon; waits for it, and says why there is none. */
  tray(): Promise<TrayControls>;
  /** The dialog that stands open, or the next one. */
  question(): Promise<Question>;
  /** The exit code of an app that is on its way out. */
  ends(): Promise<number>;
  /** All that it has to tell about a failure. */
  story(): Promise<string>;
}

/** Evaluates the built main script, lets Electron become ready, and ends everything with the test. */
export async function bootApp(test: Test & Pick<TestContext, 'task'>, { browser, place, args = [], entry = path.join(root, 'dist/main/index.js'), limitMs = 20_000, colorScheme, ...options }: BootOptions): Promise<Desktop> {
  const restore = surround(place.env, args);
  let fake: FakeElectron | null = null;
  const pages = createChromiumPages({ browser, preload: path.join(root, 'dist/preload/index.cjs'), fake: () => fake as FakeElectron, ...(colorScheme ? { colorScheme } : {}) });
  const electron = createFakeElectron({ platform: process.platform as Platform, ...options, root: place.root, autoReady: false, openPage: pages.openPage });
  fake = electron;
  test.onTestFinished(async () => {
    if (test.task.result?.state === 'fail') console.error(`What the app had to tell:${await story()}`);
    try {
      await endApp(electron);
    } finally {
      await electron.dispose();
      restore();
    }
  });

  const story = async (): Promise<string> => {
    const parts = [
      ['error boxes', electron.dialogs.errorBoxes.map(({ title, content }) => `${title}: ${content}`)],
      ['questions', electron.dialogs.asked.map(({ options: { message, detail } }) => `${message} ${detail ?? ''}`)],
      ['notifications', electron.notifications().map(({ title, body }) => `${title}: ${body}`)],
      ['complaints', pages.complaints],
      ['tray', electron.trays().flatMap((tray) => [tray.toolTip(), ...tray.items().map(({ label, type }) => `  ${label || type}`)])],
      ['page', await visibleText(pages.opened().findLast((one) => !one.isClosed())?.page)],
      ['log', await logLines(place, electron)],
    ] as const;
    return parts.filter(([, lines]) => lines.length > 0).map(([name, lines]) => `\n  ${name}:\n    ${lines.join('\n    ')}`).join('');
  };
  const because = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}${await story()}`, { cause: error });
    }
  };

  // Electron becomes ready only after the main script has been evaluated to its end: one that awaits `ready` at its top hangs.
  await because('The main script did not come to its end', withLimit(importApp(entry, electron.electron), limitMs));
  electron.becomeReady();

  return {
    fake: electron,
    complaints: pages.complaints,
    story,
    page: () => because('No page was opened', withLimit(pages.page(), 30_000)),
    tray: () =>
      because(
        'There is no tray icon',
        until(() => electron.trays().filter((tray) => !tray.isDestroyed() && tray.menu() !== null).length, (count) => count === 1, 20_000).then(() => electron.tray()),
      ),
    question: () => because('Nothing was asked', withLimit(electron.dialogs.next(), 20_000)),
    ends: () => because('It did not end', withLimit(electron.exited, 30_000)),
  };
}

/** Without questions: what a test leaves running has nothing to save, but its files and processes must go. */
async function endApp(fake: FakeElectron): Promise<void> {
  if (fake.hasExited()) return;
  const end = fake.exited;
  fake.electron.app.quit();
  // A question on the way out is answered by one button after the other until it ends.
  for (let turn = 0; turn < 80 && !fake.hasExited(); turn += 1) {
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 250))]);
    const asked = [...fake.dialogs.open];
    for (const question of asked) question.answer(question.kind === 'message' ? turn % question.buttons.length : null);
    if (asked.length > 0) await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 250))]);
    if (!fake.hasExited() && !fake.isQuitting()) fake.electron.app.quit();
  }
  if (!fake.hasExited()) throw new Error('The app did not quit within 20 s.');
}

function surround(env: NodeJS.ProcessEnv, args: readonly string[]): () => void {
  const before = { env: { ...process.env }, argv: process.argv };
  const events = ['uncaughtException', 'unhandledRejection', 'uncaughtExceptionMonitor', 'warning', 'exit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'error'];
  const heard = [process, process.stdout, process.stderr].flatMap((emitter: EventEmitter) => events.map((event) => ({ emitter, event, known: new Set<unknown>(emitter.listeners(event)) })));
  const assign = (next: NodeJS.ProcessEnv): void => {
    for (const key of Object.keys(process.env)) if (!(key in next)) delete process.env[key];
    Object.assign(process.env, next);
  };
  assign(env);
  process.argv = [process.execPath, root, ...args];
  // Electron always has it.
  Object.assign(process, { resourcesPath: path.join(root, 'no-resources') });
  return () => {
    assign(before.env);
    process.argv = before.argv;
    // The process would be over by now: what the app heard of it, it must not hear of the next test.
    for (const { emitter, event, known } of heard) for (const listener of emitter.listeners(event)) if (!known.has(listener)) emitter.off(event, listener as () => void);
  };
}

async function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`not within ${ms / 1000} s`)), ms)));
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

async function visibleText(page: Page | undefined): Promise<string[]> {
  const text = await page?.evaluate(() => document.body.innerText).catch((error: Error) => error.message);
  return text === undefined ? [] : [page?.url() ?? '', ...text.split('\n')].slice(0, 80);
}

async function logLines(place: Place, fake: FakeElectron): Promise<string[]> {
  const folders = [place.dataDir, path.join(place.dataDir, 'logs'), fake.electron.app.getPath('logs')];
  const files = await Promise.all(folders.map(async (dir) => (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.log')).map((name) => path.join(dir, name))));
  const texts = await Promise.all([...new Set(files.flat())].map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text) => text.trimEnd().split('\n')).slice(-40);
}
