import { describe, expect, it } from 'vitest';
import type { LiveState } from '../../contract/index.ts';
import { loadedModelFixture, stateFixture } from '../../test/snapshot-fixture.ts';
import type { ConnectedManager } from '../client/connect-manager.ts';
import { isCalled, loadShare, progressOf, showProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const loading = (progress: number | null) => loadedModelFixture({ state: 'loading', progress, since: 1000, expectedLoadMs: null });

describe('isCalled', () => {
  it.for([['llama3.2', true], ['LLAMA3.2:latest', true], ['ollama/llama3.2', true], ['ollama/llama3.2:latest', true], ['also', true], ['llama3', false], ['llama3.2:1b', false]] as const)('%s: %s', ([name, is]) => {
    expect(isCalled({ id: 'ollama/llama3.2:latest', name: 'llama3.2', aliases: ['ollama/also:latest'] }, name)).toBe(is);
  });
});

describe('loadShare', () => {
  it('goes by what the server says, else by earlier loads, and leaves the last bit to the end', () => {
    expect(loadShare({ progress: 0.3, expectedLoadMs: 10, since: 0 }, 1000)).toBe(0.3);
    expect(loadShare({ progress: null, expectedLoadMs: 2000, since: 1000 }, 2000)).toBe(0.5);
    expect(loadShare({ progress: null, expectedLoadMs: 10, since: 0 }, 1000)).toBe(0.99);
    expect(loadShare({ progress: null, expectedLoadMs: null, since: 0 }, 1000)).toBeNull();
  });
});

describe('progressOf', () => {
  it('tells what is under way', () => {
    const told = (loaded: LiveState['loaded']) => progressOf('llama3.2', stateFixture({ loaded }), 1000);
    expect(told([])).toEqual({ text: 'Asking for llama3.2 …', share: null });
    expect(told([loadedModelFixture({ state: 'reserved' })]).text).toBe('llama3.2 waits for room …');
    expect(told([loadedModelFixture({ state: 'reserved' }), loadedModelFixture({ id: 'b', name: 'b', aliases: [], state: 'unloading' })]).text).toBe('Making room: unloading b …');
    expect(told([loading(0.42)])).toEqual({ text: 'loading llama3.2', share: 0.42 });
  });
});

describe('showProgress', () => {
  /** A terminal of 80 columns, and the states that an Airdock would send. */
  function watched(showsProgress = true): { send(state: LiveState): void; drawn: string[]; stop(): void } {
    const drawn: string[] = [];
    let send: (state: LiveState) => void = () => undefined;
    const manager = { on: (_event: string, listener: (state: LiveState) => void) => ((send = listener), () => (send = () => undefined)) } as unknown as ConnectedManager;
    const terminal = { showsProgress, blocks: false, drawProgress: (text: string) => drawn.push(text), size: () => ({ columns: 80, rows: 24 }) } as unknown as Terminal;
    const stop = showProgress(manager, terminal, 'llama3.2');
    return { send: (state) => send(state), drawn, stop };
  }

  it('draws a bar that never goes back, and leaves an empty line', () => {
    const { send, drawn, stop } = watched();
    for (const progress of [0.5, 0.25, 0.75]) send(stateFixture({ loaded: [loading(progress)] }));
    stop();
    send(stateFixture({ loaded: [loading(0.8)] }));
    const bars = drawn.map((text) => text.replace('\r\x1b[K', ''));
    expect(bars).toEqual([`${'#'.repeat(12)}${'.'.repeat(12)}  50 %  loading llama3.2`, `${'#'.repeat(12)}${'.'.repeat(12)}  50 %  loading llama3.2`, `${'#'.repeat(18)}......  75 %  loading llama3.2`, '']);
  });

  it('draws nothing where nobody sees it', () => {
    const { send, drawn, stop } = watched(false);
    send(stateFixture({ loaded: [loading(0.5)] }));
    stop();
    expect(drawn).toEqual([]);
  });
});
