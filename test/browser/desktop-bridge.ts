import type { Page } from 'playwright';
import type { DesktopState, RequestChannel } from '../../contract/index.ts';
import { requestChannels } from '../../contract/channel-names.ts';
import { spoil } from './dashboard-page.ts';

export const desktopState: DesktopState = {
  platform: 'linux',
  version: '0.1.0',
  tray: true,
  startAtLogin: { supported: true, on: true, problem: null },
  notifications: { supported: true },
  updates: { status: 'idle', version: null, progress: null, waitsFor: null, problem: null },
  configFile: '/home/me/.local/share/airdock/config.json',
  logFolder: '/home/me/.local/share/airdock/logs',
};

export interface DesktopBridge {
  /** What the page asked of the desktop app, operations of the engine left out. */
  asked(): Promise<{ channel: RequestChannel; input: unknown }[]>;
  /** Tells the page what the desktop app has become. */
  tell(state: Partial<DesktopState>): Promise<void>;
}

interface InPage {
  bridgeAsked: { channel: string; input: unknown }[];
  bridgeTell: (channel: string, payload: unknown) => void;
  bridgeAnswers: Record<string, unknown>;
}

/**
 * `window.airdock` as the preload makes it, for pages of the hand-driven engine: operations go to it over HTTP, everything else is
 * noted. To be called before the page is opened, or followed by a reload.
 */
export async function withDesktopBridge(page: Page, state: Partial<DesktopState> = {}, answers: Partial<Record<RequestChannel, unknown>> = {}): Promise<DesktopBridge> {
  let current: DesktopState = { ...desktopState, ...state };
  // Scripts that were added stay.
  spoil(page);
  await page.addInitScript(
    ({ channels, first, given }) => {
      const world = window as unknown as InPage & { airdock: unknown };
      const listeners = new Map<string, Set<(payload: unknown) => void>>();
      const push = (channel: string, payload: unknown) => listeners.get(channel)?.forEach((listener) => listener(payload));
      const done = { ok: true, value: { text: 'Done.' } };
      let shown = first;
      let stream: EventSource | null = null;
      world.bridgeAsked = [];
      world.bridgeAnswers = given;
      world.bridgeTell = (channel, payload) => {
        if (channel === 'desktop') shown = payload as typeof first;
        push(channel, payload);
      };
      const ask: Record<string, (input: { operation: string; input: unknown }) => unknown> = {
        call: async ({ operation, input }) => {
          const response = await fetch(`/airdock/v1/${operation}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) });
          return { ok: true, value: await response.json() };
        },
        subscribe: () => {
          stream = new EventSource('/airdock/v1/events');
          stream.onmessage = (message) => push('event', JSON.parse(message.data as string));
          return done;
        },
        unsubscribe: () => {
          stream?.close();
          return done;
        },
        desktopState: () => ({ ok: true, value: shown }),
        chooseFolder: () => ({ ok: true, value: { path: '/home/me/more-models' } }),
      };
      const bridge = Object.fromEntries(
        channels.map((channel) => [
          channel,
          async (input: never) => {
            if (!['call', 'subscribe', 'unsubscribe', 'desktopState'].includes(channel)) world.bridgeAsked.push({ channel, input });
            return world.bridgeAnswers[channel] ?? ask[channel]?.(input) ?? done;
          },
        ]),
      );
      world.airdock = {
        ...bridge,
        // A stand-in for what only Electron knows.
        pathOf: (file: File) => `/home/me/Downloads/${file.name}`,
        on: (channel: string, listener: (payload: unknown) => void) => {
          const all = listeners.get(channel) ?? new Set();
          listeners.set(channel, all.add(listener));
          return () => void all.delete(listener);
        },
      };
    },
    { channels: requestChannels, first: current, given: answers as Record<string, unknown> },
  );
  return {
    asked: () => page.evaluate(() => (window as unknown as InPage).bridgeAsked as { channel: RequestChannel; input: unknown }[]),
    async tell(change) {
      current = { ...current, ...change };
      await page.evaluate((next) => (window as unknown as InPage).bridgeTell('desktop', next), current);
    },
  };
}
