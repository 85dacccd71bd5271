import { expect, it } from 'vitest';
import { scriptingMs, type TraceEvent } from './scripting-time.ts';

const thread = (pid: number, tid: number, name = 'CrRendererMain'): TraceEvent => ({ name: 'thread_name', ph: 'M', ts: 0, pid, tid, args: { name } });
const event = (name: string, ts: number, dur: number, pid = 1, tid = 1): TraceEvent => ({ name, ph: 'X', ts, dur, pid, tid });

it('counts scripts of the page’s main thread, each moment once', () => {
  const events = [
    thread(1, 1),
    thread(1, 2, 'Compositor'),
    thread(9, 9),
    event('FunctionCall', 1_000, 4_000),
    event('RunMicrotasks', 2_000, 1_000),
    event('MinorGC', 4_500, 1_500),
    event('TimerFire', 10_000, 500),
    event('Layout', 20_000, 9_000),
    event('FunctionCall', 30_000, 9_000, 1, 2),
    event('Paint', 1_000, 1, 9, 9),
  ];
  expect(scriptingMs(events, 'wall')).toBe(5.5);
  expect(scriptingMs(events, 'cpu')).toBe(5.5);
});

it('leaves out what the thread waited for', () => {
  const events = [thread(1, 1), { ...event('FunctionCall', 1_000, 4_000), tts: 100, tdur: 1_500 }, { ...event('RunMicrotasks', 2_000, 1_000), tts: 200, tdur: 300 }];
  expect(scriptingMs(events, 'cpu')).toBe(1.5);
  expect(scriptingMs(events, 'wall')).toBe(4);
});

it('does not take silence for speed', () => {
  expect(() => scriptingMs([event('FunctionCall', 0, 1)], 'cpu')).toThrow('no page');
});
