/** Go's longest duration, which Ollama adds to the idle instant for `keep_alive: -1`. */
const endlessMs = 9_223_372_036_854.775;
const centuryMs = 100 * 365.25 * 86_400_000;
/** How late a runner may still be listed after its expiry without being busy: its process has to end first. */
const expiryGraceMs = 1_500;
/** Between two readings of one clock, by Ollama and here. */
const readingSlackMs = 5;

/** Keep-alives that people and programs set, s. Ollama's default first: it wins where several explain what is seen. */
const plausibleKeepAlives = [
  300, 60, 600, 900, 1800, 3600, 5, 10, 15, 20, 30, 45, 90, 120, 180, 240, 360, 420, 480, 720, 1200, 1500, 2400, 2700, 5400, 7200, 10_800,
  14_400, 18_000, 21_600, 28_800, 36_000, 43_200, 57_600, 64_800, 86_400, 172_800, 259_200, 604_800, 2_592_000,
];
/** For a model that was there before anyone looked: the shortest of these that reaches its expiry, so that the guess errs towards "used lately". */
const guessableKeepAlives = [60, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800, 2_592_000];

/** One look at one entry of `/api/ps`; all times in ms of this computer's clock. */
export interface Sighting {
  expiresAt: number;
  /** The server answered between these two. */
  askedAt: number;
  seenAt: number;
  /** The last look at which it was not listed; null where there was none. */
  absentAt: number | null;
  /** How far the two clocks may be apart after correction. */
  slackMs: number;
  /** Airdock has asked for its unload. */
  unloading: boolean;
  /** What the runner itself says, where it can be asked (slots.ts). */
  processing: boolean | null;
}

/** A load or a touch of Airdock's own: it moves the expiry without being a use. */
export interface OwnAct {
  /** Tells it from others. */
  id: number;
  from: number;
  /** Infinity while it goes on. */
  to: number;
  /** Infinity: for ever. */
  keepAliveMs: number;
}

export interface RunnerUse {
  expiresAt: number;
  askedAt: number;
  seenAt: number;
  /** The runner's present keep-alive, ms; null: not known. */
  keepAliveMs: number | null;
  /** The end of the last use by anyone; null: not known, or not used yet. */
  lastUsed: number | null;
  busy: boolean | null;
  /** The last own act that has accounted for an expiry: the next expiry is somebody else's doing. */
  spentAct: number | null;
}

/**
 * Learns from a series of looks at `expires_at` when a runner was last used, and sometimes that it is busy. Ollama sets that field only
 * when a runner becomes idle, to that instant plus its keep-alive, so the end of the last use is the difference, once the keep-alive is known:
 * from Airdock's own load or touch, from an expiry that moves with the clock (the first request is running), from the window between two
 * looks in which it jumped, or because it is endless. What it cannot show is a request that runs now in a runner that was idle before.
 */
export function observeUse(previous: RunnerUse | null, look: Sighting, acts: readonly OwnAct[]): RunnerUse {
  const use = { ...learn(previous, look, acts), expiresAt: look.expiresAt, askedAt: look.askedAt, seenAt: look.seenAt };
  if (look.processing === null) return use;
  return look.processing ? { ...use, lastUsed: look.seenAt, busy: true } : { ...use, busy: use.busy ?? false };
}

function learn(previous: RunnerUse | null, look: Sighting, acts: readonly OwnAct[]): Omit<RunnerUse, 'expiresAt' | 'askedAt' | 'seenAt'> {
  const act = acts.at(-1);
  const pending = act !== undefined && (previous === null || act.to >= previous.askedAt);
  const known = pending ? act.keepAliveMs : (previous?.keepAliveMs ?? null);
  const before = previous?.lastUsed ?? null;
  const spentAct = previous?.spentAct ?? null;
  const unchanged = { keepAliveMs: known, lastUsed: before, busy: null, spentAct };

  const past = look.expiresAt + expiryGraceMs + look.slackMs < look.askedAt;
  // Past and still there: the timer finds it busy, unless Airdock asked it to go or its slots say otherwise.
  if (past && !look.unloading && look.processing !== false) return { ...unchanged, lastUsed: look.seenAt, busy: true };
  if (previous !== null && previous.expiresAt === look.expiresAt) return unchanged;
  if (look.unloading && look.expiresAt <= look.seenAt + look.slackMs) return unchanged;

  const own = acts.findLast((candidate) => candidate.id > (spentAct ?? -1) && isOwn(candidate, look));
  if (own !== undefined) return { ...unchanged, keepAliveMs: own.keepAliveMs, spentAct: own.to === Infinity ? spentAct : own.id };

  const moving = movingKeepAlive(previous, look, known);
  if (moving !== null) return { ...unchanged, keepAliveMs: moving, lastUsed: look.seenAt, busy: true };

  const from = previous === null ? look.absentAt : previous.askedAt;
  const keepAliveMs = from === null ? guess(look) : explain(look, from, known);
  const used = keepAliveMs === null ? look.seenAt : Math.min(idleSince(look.expiresAt, keepAliveMs), look.seenAt);
  return { ...unchanged, keepAliveMs, lastUsed: before === null ? used : Math.max(before, used) };
}

export function isEndless(expiresAt: number, now: number): boolean {
  return expiresAt - now > centuryMs;
}

/** The instant at which a runner with that expiry and keep-alive became idle. */
export function idleSince(expiresAt: number, keepAliveMs: number): number {
  return Math.round(expiresAt - (Number.isFinite(keepAliveMs) ? keepAliveMs : endlessMs));
}

function isOwn(act: OwnAct, look: Sighting): boolean {
  if (Number.isFinite(act.keepAliveMs) === isEndless(look.expiresAt, look.seenAt)) return false;
  const idle = idleSince(look.expiresAt, act.keepAliveMs);
  return idle >= act.from - readingSlackMs - look.slackMs && idle <= act.to + readingSlackMs + look.slackMs;
}

/** The keep-alive of a runner whose expiry is made up at each look (never idle since its load), else null. */
function movingKeepAlive(previous: RunnerUse | null, look: Sighting, known: number | null): number | null {
  const endless = isEndless(look.expiresAt, look.seenAt);
  const exact = 2 + look.slackMs;
  const keepAliveMs = endless ? Infinity : known !== null && Number.isFinite(known) ? known : null;
  if (keepAliveMs !== null) {
    const idle = idleSince(look.expiresAt, keepAliveMs);
    if (idle >= look.askedAt - exact && idle <= look.seenAt + exact) return keepAliveMs;
    if (endless) return null;
  }
  if (previous === null) return null;
  const middle = (look.askedAt + look.seenAt) / 2;
  const passed = middle - (previous.askedAt + previous.seenAt) / 2;
  const tolerance = 2 + (look.seenAt - look.askedAt + previous.seenAt - previous.askedAt) / 2;
  if (passed < 10 * tolerance || Math.abs(look.expiresAt - previous.expiresAt - passed) > tolerance) return null;
  const apparent = look.expiresAt - middle;
  const second = Math.round(apparent / 1000) * 1000;
  return Math.abs(apparent - second) <= tolerance + look.slackMs ? second : Math.max(0, apparent);
}

/** The keep-alive that puts the idle instant between two looks; the runner's own and the default are preferred. */
function explain(look: Sighting, from: number, known: number | null): number | null {
  if (isEndless(look.expiresAt, look.seenAt)) return Infinity;
  const fits = (ms: number) => {
    const idle = look.expiresAt - ms;
    return idle >= from - 2 - look.slackMs && idle <= look.seenAt + 2 + look.slackMs;
  };
  if (known !== null && Number.isFinite(known) && fits(known)) return known;
  const found = plausibleKeepAlives.find((seconds) => fits(seconds * 1000));
  return found === undefined ? null : found * 1000;
}

function guess(look: Sighting): number | null {
  if (isEndless(look.expiresAt, look.seenAt)) return Infinity;
  const left = look.expiresAt - look.seenAt;
  const found = guessableKeepAlives.find((seconds) => seconds * 1000 >= left - look.slackMs);
  return found === undefined ? null : found * 1000;
}
