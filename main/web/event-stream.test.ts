import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverEventSchema, type ServerEvent } from '../../contract/index.ts';
import { activityFixture, installedModelFixture, snapshotFixture, stateFixture } from '../../test/snapshot-fixture.ts';
import { bearer, handlersFixture, startWeb, webToken } from '../../test/web-fixture.ts';

/** Reads events as a client does. */
async function follow(port: number): Promise<{ events: ServerEvent[]; raw: () => string; ended: () => boolean; stop(): void }> {
  const request = get({ host: '127.0.0.1', port, path: '/airdock/v1/events', headers: bearer, agent: false });
  request.on('error', () => undefined);
  const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
  let raw = '';
  let ended = false;
  const events: ServerEvent[] = [];
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    raw += chunk;
    const blocks = raw.split('\n\n').slice(0, -1).filter((block) => block.startsWith('data: '));
    for (const block of blocks.slice(events.length)) events.push(serverEventSchema.parse(JSON.parse(block.slice(6))));
  });
  response.on('close', () => (ended = true));
  response.on('error', () => undefined);
  onTestFinished(() => void request.destroy());
  return { events, raw: () => raw, ended: () => ended, stop: () => request.destroy() };
}

describe('the event stream', () => {
  it('begins with a snapshot, goes on with changes, beats, and ends with its reader', async () => {
    const { port, changes } = await startWeb({ heartbeatMs: 10 });
    const reader = await follow(port);
    await expect.poll(() => reader.events.length).toBe(1);
    changes.state(stateFixture({ limit: 7 }));
    changes.models([installedModelFixture()]);
    changes.activity([activityFixture(1)]);
    await expect.poll(() => reader.events.map((event) => event.type)).toEqual(['snapshot', 'state', 'models', 'activity']);
    await expect.poll(reader.raw).toContain(': alive');
    expect(changes.count()).toBe(1);
    reader.stop();
    await expect.poll(() => changes.count()).toBe(0);
  });

  it('loses nothing that happens while the snapshot is made, and tells nothing twice', async () => {
    let finish = (): void => undefined;
    const { port, changes } = await startWeb({
      handlers: handlersFixture({
        snapshot: async () => {
          await new Promise<void>((resolve) => (finish = resolve));
          return snapshotFixture({ activity: [activityFixture(1)] });
        },
      }),
    });
    const reader = await follow(port);
    changes.activity([activityFixture(1), activityFixture(2)]);
    changes.state(stateFixture({ limit: 5 }));
    changes.state(stateFixture({ limit: 6 }));
    finish();
    await expect.poll(() => reader.events.length).toBe(3);
    expect(reader.events.map((event) => event.type)).toEqual(['snapshot', 'state', 'activity']);
    expect(reader.events[1]).toMatchObject({ state: { limit: 6 } });
    expect(reader.events[2]).toMatchObject({ entries: [{ id: 2 }] });
  });

  it('ends where no snapshot can be had', async () => {
    const { port } = await startWeb({ handlers: handlersFixture({ snapshot: () => Promise.reject(new Error('no')) }) });
    const reader = await follow(port);
    await expect.poll(reader.ended).toBe(true);
  });

  it('keeps only the latest state for a reader that is slower than the changes', async () => {
    const { port, changes } = await startWeb();
    const reader = await slowReader(port);
    await expect.poll(() => changes.count()).toBe(1);
    const padding = 'x'.repeat(200_000);
    const total = 400;
    for (let count = 1; count <= total; count += 1) {
      changes.state(stateFixture({ limit: count, configWarnings: [padding] }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const limits = await reader.resumeUntil(total);
    expect(limits.at(-1)).toBe(total);
    expect(limits.length).toBeLessThan(total / 2);
    expect([...limits].sort((a, b) => a - b)).toEqual(limits);
  });

  it('lets go of a reader that is too far behind, or that takes nothing at all', async () => {
    const behind = await startWeb();
    await slowReader(behind.port);
    await expect.poll(() => behind.changes.count()).toBe(1);
    const text = 'x'.repeat(50_000);
    for (let id = 1; id <= 2000 && behind.changes.count() > 0; id += 1) {
      behind.changes.activity([activityFixture(id, { text })]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => behind.changes.count()).toBe(0);

    const stalled = await startWeb({ stalledMs: 50 });
    await slowReader(stalled.port);
    await expect.poll(() => stalled.changes.count()).toBe(1);
    for (let count = 0; count < 2000 && stalled.changes.count() > 0; count += 1) {
      stalled.changes.state(stateFixture({ configWarnings: [text, text, text] }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => stalled.changes.count()).toBe(0);
  });
});

/** A connection that asks for events and then does not read them until told to. */
async function slowReader(port: number): Promise<{ resumeUntil(limit: number): Promise<number[]> }> {
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(`GET /airdock/v1/events HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${webToken}\r\n\r\n`);
  onTestFinished(() => void socket.destroy());
  return {
    resumeUntil: (limit) =>
      new Promise((resolve) => {
        let text = '';
        socket.setEncoding('utf8');
        socket.on('data', (chunk: string) => {
          text += chunk;
          if (chunk.length < 300_000 && !text.slice(-600_000).includes(`"limit":${limit},`)) return;
          const limits = [...text.matchAll(/"type":"state".*?"limit":(\d+),/g)].map((match) => Number(match[1]));
          if (limits.at(-1) === limit) resolve(limits);
        });
        socket.resume();
      }),
  };
}
