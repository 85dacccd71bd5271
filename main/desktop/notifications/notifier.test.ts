import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig, problem, type LiveState } from '../../../contract/index.ts';
import { createFakeElectron } from '../../../test/fakes/electron/index.ts';
import { stateFixture } from '../../../test/snapshot-fixture.ts';
import { createNotifier } from './notifier.ts';
import { gather, minute, named, setUp, stopTheClock } from './notifier-fixture.ts';

beforeEach(stopTheClock);

describe('how often', () => {
  it('is once for what happens within seconds', () => {
    const { notifier, texts } = setUp();
    for (const name of ['a', 'b', 'c']) {
      notifier.activity([named(name)]);
      vi.advanceTimersByTime(900);
    }
    expect(texts()).toEqual([]);
    vi.advanceTimersByTime(gather);
    expect(texts()).toEqual([['3 models were unloaded to make room', 'a\nb\nc']]);
  });

  it('is once a minute at most, however much happens', () => {
    const { notifier, titles } = setUp();
    for (let second = 0; second < 300; second++) {
      notifier.activity([named(`m${second % 4}`)]);
      vi.advanceTimersByTime(1_000);
    }
    expect(titles()).toHaveLength(5);
    expect(titles()[1]).toBe('4 models were unloaded to make room');
  });

  it('keeps the last minute’s news, and tells it when it may', () => {
    const { notifier, titles } = setUp();
    notifier.activity([named('a')]);
    vi.advanceTimersByTime(gather);
    notifier.activity([named('b', { reason: 'pressure' })]);
    vi.advanceTimersByTime(minute - 1);
    expect(titles()).toEqual(['a was unloaded']);
    vi.advanceTimersByTime(1);
    expect(titles()).toEqual(['a was unloaded', 'b was unloaded']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on when the clock is set back', () => {
    const { notifier, titles } = setUp();
    notifier.activity([named('a')]);
    vi.advanceTimersByTime(gather);
    vi.setSystemTime(Date.now() - 600_000);
    notifier.activity([named('b')]);
    vi.advanceTimersByTime(minute);
    expect(titles()).toEqual(['a was unloaded', 'b was unloaded']);
  });

  it('names three and counts the rest, what went wrong first', () => {
    const { notifier, texts } = setUp();
    const wrong = { kind: 'crashed', by: null, code: 'internal' } as const;
    notifier.activity([...'abcd'].map((name) => named(name)).concat(named('x', wrong)));
    vi.advanceTimersByTime(gather);
    expect(texts()).toEqual([['1 problem, 4 models unloaded', 'x has crashed\na\nb\nand 2 more']]);
    notifier.activity([named('x', wrong), named('y', wrong), named('y', wrong)]);
    vi.advanceTimersByTime(minute);
    expect(texts()[1]).toEqual(['2 problems with models', 'x has crashed\ny has crashed']);
  });

  it.each([['pressure', '2 models were unloaded: memory ran short'], ['limit', '2 models were unloaded']] as const)('says why, where it is one reason: %s', (reason, title) => {
    const { notifier, titles } = setUp();
    notifier.activity([named('a', { reason, by: null }), named('b', { reason, by: null })]);
    vi.advanceTimersByTime(gather);
    expect(titles()).toEqual([title]);
  });
});

describe('a click', () => {
  it('opens the dashboard at that event', () => {
    const { fake, notifier, shown } = setUp();
    const one = named('a');
    notifier.activity([one]);
    vi.advanceTimersByTime(gather);
    fake.notifications()[0]?.click();
    expect(shown).toEqual([{ page: 'activity', activity: one.id }]);
  });

  it('opens it at the newest of several', () => {
    const { fake, notifier, shown } = setUp();
    const [first, second] = [named('a'), named('b')];
    notifier.activity([first, second]);
    vi.advanceTimersByTime(gather);
    fake.notifications()[0]?.click();
    expect(shown).toEqual([{ page: 'activity', activity: second.id }]);
  });
});

describe('nobody is disturbed', () => {
  it('who is looking at the dashboard', () => {
    const { notifier, world, titles } = setUp();
    world.focused = true;
    notifier.activity([named('a')]);
    world.focused = false;
    vi.advanceTimersByTime(gather);
    notifier.activity([named('b')]);
    world.focused = true;
    vi.advanceTimersByTime(minute);
    world.focused = false;
    vi.advanceTimersByTime(minute);
    expect(titles()).toEqual([]);
  });

  it.each([[{ enabled: false }, []], [{ evictions: false }, ['x has crashed']], [{ failures: false }, ['a was unloaded']]] as const)('against their settings: %o', (change, titles) => {
    const set = setUp();
    set.world.settings = { ...set.world.settings, ...change };
    set.notifier.activity([named('a'), named('x', { kind: 'crashed', by: null })]);
    vi.advanceTimersByTime(gather);
    expect(set.titles()).toEqual(titles);
  });

  it('by a sound', () => {
    const { fake, notifier } = setUp();
    notifier.activity([named('a')]);
    vi.advanceTimersByTime(gather);
    expect(fake.notifications()[0]?.silent).toBe(true);
  });

  it('after the end', () => {
    const { notifier, titles } = setUp();
    notifier.activity([named('a')]);
    notifier.close();
    notifier.activity([named('b')]);
    vi.advanceTimersByTime(minute);
    expect(titles()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('advice', () => {
  const swap = { id: 'limit:3', text: 'planner and coder replaced each other 14 times in 10 minutes although there is room for both. Allow 3 models?', action: null };
  const advising = (...advice: LiveState['advice']) => stateFixture({ advice });

  it('is given once, in its own words, and leads to its button', () => {
    const { fake, notifier, texts, shown } = setUp();
    for (let at = 0; at < 5; at++) {
      notifier.state(advising(swap));
      vi.advanceTimersByTime(minute);
    }
    expect(texts()).toEqual([['A suggestion', swap.text]]);
    fake.notifications()[0]?.click();
    expect(shown).toEqual([{ page: 'memory' }]);
  });

  it('is given in German', () => {
    const { notifier, world, texts } = setUp();
    world.language = 'de';
    notifier.state(advising(swap, { id: 'keep:ollama/coder:latest', text: 'x', action: null }, { id: 'new-kind', text: 'Something new.', action: null }));
    vi.advanceTimersByTime(3 * minute);
    expect(texts()).toEqual([
      ['Ein Vorschlag', 'Platz für ein weiteres Modell wäre da, nur die Grenze steht im Weg. 3 Modelle erlauben?'],
      ['Ein Vorschlag', 'coder wird immer wieder entladen, weil es eine Weile unbenutzt ist, und dann wieder geladen. Behalten, solange Platz ist?'],
      ['Ein Vorschlag', 'Auf der Seite „Speicher“ steht, worum es geht.'],
    ]);
  });

  it('waits until what happened is told', () => {
    const { notifier, titles } = setUp();
    notifier.state(advising(swap));
    notifier.activity([named('a')]);
    vi.advanceTimersByTime(gather);
    expect(titles()).toEqual(['a was unloaded']);
    vi.advanceTimersByTime(minute);
    expect(titles()).toEqual(['a was unloaded', 'A suggestion']);
  });

  it('that no longer holds, was seen, or is not wanted is not given', () => {
    const gone = setUp();
    gone.notifier.state(advising(swap));
    gone.notifier.state(advising());
    const seen = setUp();
    seen.world.focused = true;
    seen.notifier.state(advising(swap));
    seen.world.focused = false;
    const unwanted = setUp();
    unwanted.world.settings = { ...unwanted.world.settings, advice: false };
    unwanted.notifier.state(advising(swap));
    const question = setUp();
    question.notifier.state(advising({ ...swap, id: 'unload-foreign' }));
    vi.advanceTimersByTime(2 * minute);
    expect([gone, seen, unwanted, question].flatMap(({ titles }) => titles())).toEqual([]);
  });
});

describe('a system that shows nothing', () => {
  it('is no reason to fail', () => {
    const { notifier, titles, problems } = setUp({ notifications: { supported: false } });
    notifier.activity([named('a')]);
    vi.advanceTimersByTime(gather);
    expect(notifier.answer(problem('in-use', 'It is used.'))).toEqual({ ok: true, value: 'silent' });
    expect([titles(), problems]).toEqual([[], []]);
  });

  it('is told of where it says so itself', async () => {
    const { notifier, problems } = setUp({ platform: 'darwin', notifications: { fails: 'not signed' } });
    notifier.activity([named('a')]);
    vi.advanceTimersByTime(gather);
    await vi.waitFor(() => expect(problems).toEqual(['A notification could not be shown: not signed']));
  });

  it('that throws is told of, too', () => {
    const fake = createFakeElectron({ autoReady: false });
    const problems: string[] = [];
    const notifier = createNotifier({ Notification: fake.electron.Notification, settings: () => defaultConfig.notifications, speech: { language: () => 'en' }, show: () => undefined, windowFocused: () => false, onProblem: (why) => problems.push(why.message) });
    expect(notifier.answer(problem('in-use', 'It is used.'))).toMatchObject({ ok: false });
    expect(problems).toHaveLength(1);
  });
});

it('answers a click at once, with its hint', () => {
  const { notifier, texts, world } = setUp();
  world.settings = { ...world.settings, enabled: false };
  expect(notifier.answer(problem('frozen', 'Models are frozen.', 'Unfreeze first.'))).toEqual({ ok: true, value: 'shown' });
  expect(texts()).toEqual([['That did not work', 'Models are frozen. Unfreeze first.']]);
});
