import { describe, expect, it } from 'vitest';
import type { RequestView } from '../../contract/index.ts';
import { loadedModelFixture, installedModelFixture, stateFixture } from '../../test/snapshot-fixture.ts';
import { isWorthTelling, lastedMs, noVisits, pauseMs, updateVisits, type Visits } from './visits.ts';

const llama = loadedModelFixture();

let nextId = 1;
function request(change: Partial<RequestView> = {}): RequestView {
  return { id: nextId++, model: llama.id, name: llama.name, client: 'Open WebUI', route: '/api/chat', state: 'answering', since: 0, answeringSince: 0, ...change };
}

function told(before: Visits, at: number, requests: RequestView[], models = [installedModelFixture()]): Visits {
  return updateVisits(before, stateFixture({ at, loaded: [llama], requests }), models);
}

const answering = (visits: Visits) => visits.answering[llama.id] ?? [];

describe('a program that is answered', () => {
  it('is one visit from its first to its last request, however many follow each other', () => {
    let visits = noVisits;
    for (let at = 1_000; at <= 13_000; at += 500) {
      const asks = at % 1_000 === 0;
      visits = told(visits, at, asks ? [request({ since: at - 100, answeringSince: at - 90 })] : []);
      if (at >= 2_000) expect(isWorthTelling(answering(visits)[0]!, at), String(at)).toBe(true);
    }
    expect(answering(visits)).toHaveLength(1);
    expect(lastedMs(answering(visits)[0]!, 13_000)).toBe(12_090);
  });

  it('is not told for one short request, neither while it runs nor after it', () => {
    const running = told(noVisits, 100, [request({ answeringSince: 0 })]);
    expect(isWorthTelling(answering(running)[0]!, 900)).toBe(false);
    const over = told(running, 200, []);
    for (const now of [200, 1_100, 1_600]) expect(isWorthTelling(answering(over)[0]!, now), String(now)).toBe(false);
  });

  it('stays for a moment after it ended, without counting on, and begins anew after a longer pause', () => {
    const long = told(noVisits, 5_000, [request({ answeringSince: 1_000 })]);
    const over = told(long, 6_000, []);
    expect(isWorthTelling(answering(over)[0]!, 6_000 + pauseMs - 1)).toBe(true);
    expect(lastedMs(answering(over)[0]!, 7_000)).toBe(5_000);
    expect(isWorthTelling(answering(over)[0]!, 6_000 + pauseMs)).toBe(false);
    const again = told(over, 6_000 + pauseMs, [request({ answeringSince: 7_400 })]);
    expect(answering(again)).toMatchObject([{ since: 7_400, goneAt: null }]);
  });

  it('is forgotten in the end, and nothing is new where nothing is told', () => {
    let visits = told(noVisits, 5_000, [request()]);
    for (const at of [6_000, 7_000, 8_000]) visits = told(visits, at, []);
    expect(visits).toEqual(noVisits);
    expect(told(visits, 9_000, [])).toBe(visits);
    const one = request();
    const before = told(visits, 10_000, [one]);
    expect(told(before, 11_000, [one])).toBe(before);
  });

  it('is counted once per client and model, under the row of its weights', () => {
    const models = [installedModelFixture(), installedModelFixture({ id: 'ollama/alias:latest', name: 'alias' })];
    const visits = told(noVisits, 5_000, [request({ answeringSince: 900 }), request({ answeringSince: 400 }), request({ model: 'ollama/alias:latest', client: 'Continue' })], models);
    expect(answering(visits)).toMatchObject([{ client: 'Open WebUI', requests: 2, since: 400 }, { client: 'Continue', requests: 1 }]);
  });
});

it('who waits keeps its place, and is told apart from who is answered', () => {
  const waits = (client: string, since: number) => request({ client, state: 'waiting', since, answeringSince: null });
  const first = told(noVisits, 3_000, [waits('Continue', 1_000), waits('Zed', 2_000)]);
  expect(first.answering).toEqual({});
  const then = told(first, 3_500, [waits('Zed', 2_000), request({ client: 'Continue', since: 1_000, answeringSince: 3_400 })]);
  expect(then.waiting).toMatchObject([{ client: 'Continue', goneAt: 3_500 }, { client: 'Zed', goneAt: null }]);
  expect(answering(then)).toMatchObject([{ client: 'Continue', since: 3_400 }]);
});
