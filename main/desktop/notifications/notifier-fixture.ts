import { onTestFinished, vi } from 'vitest';
import { defaultConfig, type Activity, type Config, type Language, type ShowTarget } from '../../../contract/index.ts';
import { createFakeElectron, type FakeElectronOptions } from '../../../test/fakes/electron/index.ts';
import { activityFixture } from '../../../test/snapshot-fixture.ts';
import { createNotifier } from './notifier.ts';

const GB = 1024 ** 3;
export const gather = 3_000;
export const minute = 60_000;

/** Timers that the test moves. */
export function stopTheClock(): void {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

export function setUp(options: FakeElectronOptions = {}) {
  const fake = createFakeElectron({ autoReady: false, ...options });
  fake.becomeReady();
  const world = { focused: false, language: 'en' as Language, settings: { ...defaultConfig.notifications } as Config['notifications'] };
  const shown: Partial<ShowTarget>[] = [];
  const problems: string[] = [];
  const notifier = createNotifier({
    Notification: fake.electron.Notification,
    settings: () => world.settings,
    speech: { language: () => world.language },
    show: (target) => shown.push(target),
    windowFocused: () => world.focused,
    onProblem: (why) => problems.push(why.message),
  });
  const texts = () => fake.notifications().map(({ title, body }) => [title, body]);
  return { fake, world, shown, problems, notifier, texts, titles: () => texts().map(([title]) => title) };
}

let last = 0;
export const entry = (change: Partial<Activity>) => activityFixture(++last, { kind: 'unloaded', reason: 'room', name: 'codellama', model: 'ollama/codellama:latest', forModel: 'ollama/vision:latest', by: 'Open WebUI', ram: 7 * GB, ...change });
export const named = (name: string, change: Partial<Activity> = {}) => entry({ name, model: `ollama/${name}`, ...change });
