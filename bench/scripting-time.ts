/** One event of Chromium's tracing: `ts` and `dur` by the clock, `tts` and `tdur` by the thread's own CPU time, in µs. */
export interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  tts?: number;
  tdur?: number;
  pid: number;
  tid: number;
  args?: { name?: string };
}

/** What the performance panel of Chromium's developer tools colours as scripting, garbage collection included. */
const scripting: ReadonlySet<string> = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FireIdleCallback',
  'FunctionCall',
  'RunMicrotasks',
  'TimerFire',
  'v8.compile',
  'MajorGC',
  'MinorGC',
]);

/** Ms that the page's main thread spent in scripts: CPU time where the trace has it, which what else runs on the computer does not lengthen. Events within events count once. */
export function scriptingMs(events: readonly TraceEvent[], clock: 'cpu' | 'wall'): number {
  const main = mainThread(events);
  const spans = events
    .filter((event) => event.ph === 'X' && event.pid === main.pid && event.tid === main.tid && scripting.has(event.name))
    .map(({ ts, dur = 0, tts = ts, tdur = dur }) => (clock === 'wall' ? { from: ts, to: ts + dur } : { from: tts, to: tts + tdur }))
    .sort((a, b) => a.from - b.from);
  let sum = 0;
  let counted = -Infinity;
  for (const { from, to } of spans) {
    sum += Math.max(0, to - Math.max(from, counted));
    counted = Math.max(counted, to);
  }
  return sum / 1_000;
}

/** Of several renderers (spare ones are kept at hand) it is the one that ran most scripts. */
function mainThread(events: readonly TraceEvent[]): { pid: number; tid: number } {
  const threads = events.filter((event) => event.ph === 'M' && event.name === 'thread_name' && event.args?.name === 'CrRendererMain');
  const ran = (pid: number) => events.filter((event) => event.pid === pid && event.name === 'FunctionCall').length;
  const [most] = threads.toSorted((a, b) => ran(b.pid) - ran(a.pid));
  if (most === undefined) throw new Error('The trace tells of no page.');
  return most;
}
