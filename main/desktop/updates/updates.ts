import { problem, type LiveState, type Outcome, type Problem, type UpdateState } from '../../../contract/index.ts';
import { busyNames } from './busy.ts';
import type { Updater } from './updater.ts';

const DAY_MS = 24 * 3_600_000;
/** A start has better things to do at first. */
const FIRST_CHECK_MS = 5 * 60_000;
/** The updater tells of its progress many times a second; each change goes to the tray and a page. */
const PROGRESS_EVERY_MS = 1_000;

export interface UpdatesDeps {
  /** Null: this app does not update itself (not packed, or packed without an address to look at). */
  load: (() => Promise<Updater>) | null;
  /** What is in memory, and a way to hear of changes. */
  picture: { state(): LiveState; subscribe(listener: { state(state: LiveState): void }): () => void };
  /** `updates.check` of the config. */
  daily(): boolean;
  /** Ends everything, then does that; `failed` begins the app anew (main/desktop/life/quit.ts). */
  quitInto(last: (failed: () => void) => void): void;
  onChange(state: UpdateState): void;
  onFault(fault: unknown): void;
  log?: { info(text: string): void; warn(text: string): void };
  firstCheckMs?: number;
  dayMs?: number;
}

type Done = Promise<Outcome<{ text: string }>>;

export interface Updates {
  state(): UpdateState;
  check(): Done;
  download(): Done;
  /** As soon as no model is in use or on its way. */
  install(): Done;
  close(): void;
}

const nothing: UpdateState = { status: 'off', version: null, progress: null, waitsFor: null, problem: null };
const off = problem('forbidden', 'This Airdock does not update itself.', 'It is updated the way it was installed.');

/** Updates by electron-updater: looked for when asked, fetched when asked, installed when asked and nobody is disturbed. */
export function createUpdates(deps: UpdatesDeps): Updates {
  let state: UpdateState = { ...nothing, status: deps.load ? 'idle' : 'off' };
  let loading: Promise<Updater> | null = null;
  let unsubscribe: (() => void) | null = null;
  let installing: ((fault: Error) => void) | null = null;
  let closed = false;
  let progressAt = -Infinity;

  function set(change: Partial<UpdateState>): void {
    const next = { ...state, waitsFor: null, progress: null, problem: null, ...change };
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    deps.onChange(state);
  }

  function fail(fault: unknown, sentence: string): { ok: false; problem: Problem } {
    deps.onFault(fault);
    const why = problem('internal', sentence, hintFor(fault));
    // The clicked-away step can be tried again: what was found stays found.
    set({ status: 'failed', problem: why });
    return { ok: false, problem: why };
  }

  function updater(load: () => Promise<Updater>): Promise<Updater> {
    loading ??= load().then(prepare);
    // A failed import is tried again at the next click.
    loading.catch(() => (loading = null));
    return loading;
  }

  function prepare(made: Updater): Updater {
    made.autoDownload = false;
    made.autoInstallOnAppQuit = false;
    made.logger = deps.log ? { info: () => undefined, warn: (text: unknown) => deps.log?.warn(String(text)), error: () => undefined } : null;
    made.on('download-progress', ({ percent }) => {
      const at = performance.now();
      if (state.status !== 'downloading' || at - progressAt < PROGRESS_EVERY_MS) return;
      progressAt = at;
      // Every hundredth is enough for a bar.
      set({ status: 'downloading', progress: Math.round(Math.min(100, Math.max(0, percent))) / 100 });
    });
    made.on('update-downloaded', ({ version }) => set({ status: 'ready', version }));
    made.on('update-cancelled', () => set({ status: 'available' }));
    // Errors come from the promises too; without a listener the event itself would throw.
    made.on('error', (fault) => installing?.(fault));
    return made;
  }

  async function check(): Done {
    if (!deps.load) return { ok: false, problem: off };
    if (['checking', 'downloading', 'ready', 'waiting'].includes(state.status)) return { ok: true, value: { text: words(state) } };
    set({ status: 'checking' });
    try {
      const found = await (await updater(deps.load)).checkForUpdates();
      if (found?.isUpdateAvailable) set({ status: 'available', version: found.updateInfo.version });
      else set({ status: 'current', version: null });
      return { ok: true, value: { text: words(state) } };
    } catch (fault) {
      return fail(fault, 'Airdock could not look for a new version.');
    }
  }

  async function download(): Done {
    if (!deps.load) return { ok: false, problem: off };
    if (state.version === null) return { ok: false, problem: problem('not-found', 'No new version is known.', 'Look for one first.') };
    if (['downloading', 'ready', 'waiting'].includes(state.status)) return { ok: true, value: { text: words(state) } };
    progressAt = -Infinity;
    set({ status: 'downloading', progress: 0 });
    try {
      await (await updater(deps.load)).downloadUpdate();
      // The event says so as well; whichever comes first.
      set({ status: 'ready' });
      return { ok: true, value: { text: words(state) } };
    } catch (fault) {
      return fail(fault, `Airdock ${state.version} could not be downloaded.`);
    }
  }

  async function install(): Done {
    if (!deps.load) return { ok: false, problem: off };
    if (state.status !== 'ready' && state.status !== 'waiting') return { ok: false, problem: problem('not-found', 'No new version is ready.', 'Download it first.') };
    const ready = await updater(deps.load);
    if (!unsubscribe && !installing) {
      unsubscribe = deps.picture.subscribe({ state: (now) => whenFree(ready, now) });
      whenFree(ready, deps.picture.state());
    }
    return { ok: true, value: { text: words(state) } };
  }

  function whenFree(ready: Updater, now: LiveState): void {
    if (installing || closed) return;
    const busy = busyNames(now);
    if (busy !== null) return set({ status: 'waiting', waitsFor: busy });
    unsubscribe?.();
    unsubscribe = null;
    deps.quitInto((failed) => {
      installing = (fault) => {
        deps.onFault(fault);
        failed();
      };
      ready.quitAndInstall(true, true);
    });
  }

  // The first look some minutes after the start, then once a day: the setting is asked each time.
  let daily = setTimeout(look, deps.firstCheckMs ?? FIRST_CHECK_MS);
  daily.unref();
  function look(): void {
    if (deps.load && deps.daily()) void check();
    daily = setTimeout(look, deps.dayMs ?? DAY_MS);
    daily.unref();
  }

  return {
    state: () => state,
    check,
    download,
    install,
    close() {
      closed = true;
      clearTimeout(daily);
      unsubscribe?.();
      unsubscribe = null;
    },
  };
}

function words({ status, version, waitsFor }: UpdateState): string {
  if (status === 'checking') return 'Looking for a new version.';
  if (status === 'available') return `Airdock ${version} can be downloaded.`;
  if (status === 'downloading') return `Airdock ${version} is being downloaded.`;
  if (status === 'ready') return `Airdock ${version} is ready.`;
  if (status === 'waiting') return `Airdock ${version} is installed as soon as this has ended: ${waitsFor}.`;
  return 'This is the newest version.';
}

function hintFor(fault: unknown): string {
  const text = fault instanceof Error ? fault.message : String(fault);
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ERR_(INTERNET|NAME|CONNECTION|NETWORK|ADDRESS)|socket hang up/i.test(text)) return 'Is this computer online?';
  if (/ENOSPC/.test(text)) return 'The disk is full.';
  if (/sha512|checksum|signature/i.test(text)) return 'What came was not what was announced, so it was thrown away. Try again later.';
  return 'Try again later. The log says more.';
}
