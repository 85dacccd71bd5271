import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig, type MemorySample, type OperationName, type ServerEvent } from '../../contract/index.ts';
import { live, snapshot } from '../../test/browser/fixtures.ts';
import { activityFixture } from '../../test/snapshot-fixture.ts';
import type { Transport } from '../transport.ts';
import { type ConnectionControl, startConnection } from './connection.ts';
import { type DashboardState, initialState } from './state.ts';

/** An engine of which a test decides how it answers, and a count of how often it was asked. */
function engine() {
  const fake = {
    answer: 'up' as 'up' | 'unreachable' | 'signed-out',
    asked: 0,
    history: [] as MemorySample[],
    theme: 'system' as 'system' | 'dark',
    streams: 0,
    emit: (_event: ServerEvent) => undefined as void,
    lose: () => undefined as void,
  };
  const transport = {
    signIn: () => Promise.resolve(),
    call: (operation: OperationName) => {
      // What is nice to have is asked for once per stream, and is not what these tests count.
      if (operation === 'history') return Promise.resolve(fake.answer === 'up' ? { ok: true, output: { everyMs: 5_000, samples: fake.history } } : { ok: false });
      fake.asked += 1;
      const cause = { code: 'internal', message: '' } as const;
      return Promise.resolve(
        fake.answer === 'up'
          ? { ok: true, output: { config: { ...defaultConfig, ui: { ...defaultConfig.ui, theme: fake.theme } }, path: '', problem: null, warnings: [] } }
          : { ok: false, kind: fake.answer, problem: cause },
      );
    },
    subscribe: (onEvent: (event: ServerEvent) => void, onLost: () => void) => {
      fake.streams += 1;
      fake.emit = onEvent;
      fake.lose = onLost;
      onEvent({ type: 'snapshot', snapshot: snapshot(live()) });
      return { close: () => undefined };
    },
  } as unknown as Transport;
  return { fake, transport };
}

let control: ConnectionControl;
const store = () => createStore<DashboardState>(() => initialState);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  control.stop();
  vi.useRealTimers();
});

function start() {
  const { fake, transport } = engine();
  const state = store();
  control = startConnection({ transport, store: state, now: Date.now });
  return { fake, state };
}

it('waits longer from try to try while the engine is gone, and less again once it was back', async () => {
  const { fake, state } = start();
  await vi.advanceTimersByTimeAsync(0);
  expect(state.getState().connection).toBe('live');
  fake.answer = 'unreachable';
  fake.lose();
  await vi.advanceTimersByTimeAsync(300);
  expect(state.getState().connection).toBe('gone');
  const before = fake.asked;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fake.asked - before).toBeGreaterThan(5);
  expect(fake.asked - before).toBeLessThan(15);
  fake.answer = 'up';
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state.getState().connection).toBe('live');
  fake.lose();
  await vi.advanceTimersByTimeAsync(300);
  expect(fake.streams).toBe(3);
});

it('stays live through a stream that breaks and comes right back', async () => {
  const { fake, state } = start();
  await vi.advanceTimersByTimeAsync(0);
  const seen = new Set<string>();
  state.subscribe(({ connection }) => seen.add(connection));
  fake.lose();
  await vi.advanceTimersByTimeAsync(300);
  expect([...seen]).toEqual(['live']);
});

it('stops asking when it is signed out', async () => {
  const { fake, state } = start();
  await vi.advanceTimersByTimeAsync(0);
  fake.answer = 'signed-out';
  fake.lose();
  await vi.advanceTimersByTimeAsync(300);
  expect(state.getState().connection).toBe('signed-out');
  const before = fake.asked;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fake.asked).toBe(before);
});

it('asks nothing of a stream that goes on talking', async () => {
  const { fake } = start();
  await vi.advanceTimersByTimeAsync(0);
  const before = fake.asked;
  for (let second = 0; second < 40; second += 1) {
    fake.emit({ type: 'state', state: live() });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(fake.asked).toBe(before);
});

it('asks a stream that says nothing for long, and notices that nobody is there', async () => {
  const { fake, state } = start();
  await vi.advanceTimersByTimeAsync(0);
  fake.answer = 'unreachable';
  await vi.advanceTimersByTimeAsync(14_000);
  expect(state.getState().connection).toBe('live');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(state.getState().connection).toBe('gone');
});

it('learns what it has missed, at first and after a break', async () => {
  const { fake, state } = start();
  const sample = { at: Date.now() - 60_000, free: 1, models: 2, otherPrograms: 3 };
  fake.history = [sample];
  await vi.advanceTimersByTimeAsync(0);
  expect(state.getState().history[0]).toEqual(sample);
  expect(state.getState().history).toHaveLength(2);
  fake.history = [sample, { ...sample, at: sample.at + 5_000 }];
  fake.lose();
  await vi.advanceTimersByTimeAsync(300);
  expect(state.getState().history).toHaveLength(3);
});

it('learns what it has missed while nobody saw it', async () => {
  const { fake, state } = start();
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.asked).toBe(1);
  fake.theme = 'dark';
  const missed = { at: Date.now() + 60_000, free: 1, models: 2, otherPrograms: 3 };
  fake.history = [...state.getState().history, missed];
  await vi.advanceTimersByTimeAsync(5_000);
  fake.emit({ type: 'snapshot', snapshot: snapshot(live()) });
  await vi.advanceTimersByTimeAsync(0);
  expect(state.getState().theme).toBe('dark');
  expect(state.getState().history).toContainEqual(missed);
  expect(fake.asked).toBe(2);
});

it('reads the settings anew when it is told of one, whatever else it is told with it', async () => {
  const { fake, state } = start();
  await vi.advanceTimersByTimeAsync(0);
  fake.emit({ type: 'activity', entries: [activityFixture(901)] });
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.asked).toBe(1);
  fake.theme = 'dark';
  fake.emit({ type: 'activity', entries: [activityFixture(902, { kind: 'setting' }), activityFixture(903, { kind: 'unloaded', reason: 'limit' })] });
  await vi.advanceTimersByTimeAsync(0);
  expect(state.getState().theme).toBe('dark');
  expect(fake.asked).toBe(2);
});

it('puts a refusal aside when its cause is over', async () => {
  const { fake, state } = start();
  const mode = { since: 0, until: null };
  await vi.advanceTimersByTimeAsync(0);
  fake.emit({ type: 'state', state: live([], { freeze: mode }) });
  await vi.advanceTimersByTimeAsync(0);
  const refusals = { unloadIdle: { code: 'frozen', message: 'Models are frozen.' } } as const;
  state.setState({ refusals });
  fake.emit({ type: 'state', state: live([], { freeze: { ...mode, until: 5 } }) });
  await vi.advanceTimersByTimeAsync(0);
  expect(state.getState().refusals).toBe(refusals);
  fake.emit({ type: 'state', state: live() });
  await vi.advanceTimersByTimeAsync(0);
  expect(state.getState().refusals).toEqual({});
});
