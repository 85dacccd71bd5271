import { describe, expect, it } from 'vitest';
import type { LoadedModel } from '../../contract/index.ts';
import { installed, loaded } from '../../test/browser/fixtures.ts';
import type { Visit } from '../store/visits.ts';
import { waitingRows } from './waiting-rows.ts';

const now = 100_000;
const qwen = installed('qwen3', 10, { fit: { kind: 'short', missing: 1 } });
const visit = (client: string, waitedMs: number, change: Partial<Visit> = {}): Visit => ({ model: qwen.id, name: 'qwen3', client, requests: 1, since: now - waitedMs, goneAt: null, ...change });
const code = (change: Partial<LoadedModel> = {}) => loaded('codellama', 7, { inUse: true, ...change });

describe('what programs wait for', () => {
  it('is one row per model, with who waits and how long the first has', () => {
    const other = { model: 'ollama/phi4:latest', name: 'phi4' };
    const rows = waitingRows([visit('Continue', 8_000), visit('Zed', 3_000, other), visit('Open WebUI', 2_000, { requests: 3 })], { loaded: [] }, [qwen], now);
    expect(rows).toEqual([
      { model: qwen.id, name: 'qwen3', clients: ['Continue', 'Open WebUI'], requests: 4, waitedMs: 8_000, reason: null },
      { ...other, clients: ['Zed'], requests: 1, waitedMs: 3_000, reason: null },
    ]);
  });

  it('is not listed before a second has passed', () => {
    expect(waitingRows([visit('Continue', 999)], { loaded: [] }, [qwen], now)).toEqual([]);
    expect(waitingRows([visit('Continue', 1_000)], { loaded: [] }, [qwen], now)).toHaveLength(1);
  });
});

describe('why they wait', () => {
  const own = (state: LoadedModel['state']) => loaded('qwen3', 10, { state });
  it.each([
    ['it is being loaded', [code(), own('loading')], { kind: 'loading', names: [] }],
    ['others make room', [code({ state: 'unloading' }), own('reserved')], { kind: 'making-room', names: [] }],
    ['one that leaves', [code({ state: 'unloading' })], { kind: 'leaving', names: ['codellama'] }],
    ['one that does not let go', [code({ state: 'stuck' }), loaded('phi4', 2, { state: 'unloading' })], { kind: 'stuck', names: ['codellama'] }],
    ['another load', [code(), loaded('phi4', 2, { state: 'loading' })], { kind: 'loading-other', names: ['phi4'] }],
    ['those that work', [code(), loaded('phi4', 2)], { kind: 'in-use', names: ['codellama'] }],
    ['its own work for others', [code(), loaded('qwen3', 10, { inUse: true })], { kind: 'turn', names: [] }],
    ['nobody', [loaded('phi4', 2)], null],
    ['nobody, where it is there already', [code(), own('ready')], null],
  ] as const)('%s', (_what, models, reason) => {
    expect(waitingRows([visit('Continue', 8_000)], { loaded: [...models] }, [qwen], now)[0]?.reason).toEqual(reason);
  });

  it('is not the work of others where there is room', () => {
    expect(waitingRows([visit('Continue', 8_000)], { loaded: [code()] }, [{ ...qwen, fit: { kind: 'fits' } }], now)[0]?.reason).toBeNull();
  });
});
