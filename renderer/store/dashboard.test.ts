import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultConfig, type OperationName, type ServerEvent } from '../../contract/index.ts';
import { live, snapshot } from '../../test/browser/fixtures.ts';
import type { Transport } from '../transport.ts';
import { createDashboard } from './dashboard.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('draws the countdowns with the state that comes, not with a list of what fits', async () => {
  let emit: (event: ServerEvent) => void = () => undefined;
  const transport = {
    signIn: () => Promise.resolve(),
    call: (operation: OperationName) =>
      Promise.resolve(operation === 'configGet' ? { ok: true, output: { config: defaultConfig, path: '', problem: null, warnings: [] } } : { ok: false }),
    subscribe: (onEvent: (event: ServerEvent) => void) => {
      emit = onEvent;
      return { close: () => undefined };
    },
  } as unknown as Transport;
  const window = { location: { hash: '' }, addEventListener: () => undefined, navigator: { languages: ['en'] } } as unknown as Window;
  const { clock, connection } = createDashboard({ transport, window });
  await vi.advanceTimersByTimeAsync(0);
  emit({ type: 'snapshot', snapshot: snapshot(live()) });
  await vi.advanceTimersByTimeAsync(0);

  const tick = vi.fn();
  const end = clock.subscribe(tick);
  await vi.advanceTimersByTimeAsync(900);
  emit({ type: 'models', models: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect(tick).not.toHaveBeenCalled();
  emit({ type: 'state', state: live() });
  await vi.advanceTimersByTimeAsync(0);
  expect(tick).toHaveBeenCalledTimes(1);
  end();
  connection.stop();
});
