import { expect, it } from 'vitest';
import type { Bridge, ServerEvent } from '../contract/index.ts';
import { createBridgeTransport } from './bridge-transport.ts';

const event: ServerEvent = { type: 'models', models: [] };
const done = { ok: true, value: { text: '' } } as const;
const refused = { ok: false, problem: { code: 'internal', message: 'no' } } as const;

/** A bridge of which a test says what it answers. */
function bridgeFixture(change: Partial<Pick<Bridge, 'call' | 'subscribe' | 'unsubscribe'>> = {}) {
  const listeners = new Set<(payload: never) => void>();
  const log: string[] = [];
  const bridge = {
    call: async () => ({ ok: true, value: { entries: [] } }),
    subscribe: async () => (log.push('subscribe'), done),
    unsubscribe: async () => (log.push('unsubscribe'), done),
    on(channel: string, listener: (payload: never) => void) {
      log.push(`on ${channel}`);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ...change,
  } as unknown as Bridge;
  return { bridge, log, listeners, push: (payload: ServerEvent) => listeners.forEach((listener) => listener(payload as never)) };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

it('gives the output of an operation, refusals of its own included', async () => {
  const asked: unknown[] = [];
  const output = { ok: false, problem: { code: 'no-room', message: 'x' } };
  const { bridge } = bridgeFixture({ call: async (input) => (asked.push(input), { ok: true, value: output }) });
  expect(await createBridgeTransport(bridge).call('load', { model: 'm' })).toEqual({ ok: true, output });
  expect(asked).toEqual([{ operation: 'load', input: { model: 'm' } }]);
});

it('makes a value of what the shell refuses, and of a bridge that rejects', async () => {
  const { bridge } = bridgeFixture({ call: async () => refused });
  expect(await createBridgeTransport(bridge).call('configGet', {})).toEqual({ ok: false, kind: 'refused', problem: refused.problem });
  const gone = bridgeFixture({ call: () => Promise.reject(new Error('Error invoking remote method')) });
  expect(await createBridgeTransport(gone.bridge).call('configGet', {})).toMatchObject({ ok: false, kind: 'unreachable', problem: { code: 'not-running' } });
  const empty = bridgeFixture({ call: (async () => undefined) as never });
  expect(await createBridgeTransport(empty.bridge).call('configGet', {})).toMatchObject({ ok: false, kind: 'unreachable' });
});

it('listens before it asks, so that the snapshot is not missed', async () => {
  const { bridge, log, push } = bridgeFixture();
  const events: ServerEvent[] = [];
  const subscription = createBridgeTransport(bridge).subscribe((one) => events.push(one), () => log.push('lost'));
  push(event);
  await turns();
  expect(log).toEqual(['on event', 'subscribe']);
  expect(events).toEqual([event]);
  subscription.close();
  subscription.close();
  push(event);
  expect(log).toEqual(['on event', 'subscribe', 'unsubscribe']);
  expect(events).toHaveLength(1);
});

it.each([
  ['refused', async () => refused],
  ['rejected', () => Promise.reject(new Error('gone'))],
])('is lost once where the subscription is %s, and leaves no listener', async (_how, subscribe) => {
  const { bridge, log, listeners } = bridgeFixture({ subscribe });
  const subscription = createBridgeTransport(bridge).subscribe(() => undefined, () => log.push('lost'));
  await turns();
  expect(log).toEqual(['on event', 'lost']);
  expect(listeners.size).toBe(0);
  subscription.close();
  expect(log).toEqual(['on event', 'lost']);
});

it('says nothing of a loss to whoever has closed already', async () => {
  const { bridge, log } = bridgeFixture({ subscribe: () => Promise.reject(new Error('gone')) });
  createBridgeTransport(bridge).subscribe(() => undefined, () => log.push('lost')).close();
  await turns();
  expect(log).toEqual(['on event', 'unsubscribe']);
});

it('has nobody to sign in to', async () => {
  await createBridgeTransport(bridgeFixture().bridge).signIn();
});
