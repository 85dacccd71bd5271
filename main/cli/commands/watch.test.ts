import { describe, expect, it } from 'vitest';
import { activityFixture, loadedModelFixture, snapshotFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import { handlersFixture, startWeb, webToken } from '../../../test/web-fixture.ts';
import { connectManager } from '../../client/connect-manager.ts';
import type { Context } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { run } from './watch.ts';

describe('watch on a terminal', () => {
  it('draws in place on a screen of its own, and leaves the terminal as it was with the last picture below', async () => {
    const web = await startWeb({ handlers: handlersFixture({ snapshot: async () => snapshotFixture({ state: stateFixture(), activity: [activityFixture(1, { text: 'before' })] }) }) });
    const connection = { url: web.url, token: webToken, by: 'command line' };
    const manager = connectManager(connection);
    let drawn = '';
    let printed = '';
    let resized = (): void => undefined;
    const terminal = {
      drawable: true,
      colour: false,
      blocks: false,
      size: () => ({ columns: 80, rows: 24 }),
      draw: (text: string) => void (drawn += text),
      print: (text: string) => void (printed += text),
      onResize: (listener: () => void) => ((resized = listener), () => (resized = () => undefined)),
    } as unknown as Terminal;
    const ctrlC = new AbortController();
    const context = { terminal, json: false, dataDir: '/nowhere', connection: async () => connection, airdock: async () => manager, signal: () => ctrlC.signal } as unknown as Context;
    const listening = process.listenerCount('exit');
    const ended = run(context);

    await expect.poll(() => drawn).toContain('No model is in memory.');
    expect(drawn.startsWith('\x1b[?1049h\x1b[?25l\x1b[H16.0 GB free')).toBe(true);
    web.changes.state(stateFixture({ loaded: [loadedModelFixture()] }));
    await expect.poll(() => drawn).toContain('llama3.2  4.0 GB  ready');
    web.changes.activity([activityFixture(2, { text: 'just now' })]);
    await expect.poll(() => drawn).toContain('just now');
    const before = drawn.length;
    resized();
    expect(drawn.length).toBeGreaterThan(before);

    ctrlC.abort();
    expect(await ended).toBe(0);
    expect(drawn.endsWith('\x1b[?25h\x1b[?1049l')).toBe(true);
    expect(printed).toContain('llama3.2  4.0 GB');
    expect(printed).not.toContain('\x1b');
    const after = drawn.length;
    resized();
    web.changes.state(stateFixture());
    expect(drawn.length).toBe(after);
    expect(process.listenerCount('exit')).toBe(listening);
    await manager.close();
  });
});
