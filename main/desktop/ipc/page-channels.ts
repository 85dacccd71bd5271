import type { WebContents } from 'electron';
import { invokeOperation, issuesInWords, operations, problem, type OperationName } from '../../../contract/index.ts';
import type { Airdock } from '../../airdock.ts';
import type { DashboardWindow } from '../parts.ts';
import { startFeed, type Feed } from './feed.ts';
import { createPages } from './pages.ts';
import { pushTo } from './push.ts';
import { inLog, type ChannelHandlers } from './router.ts';

export interface PageChannelsDeps {
  airdock: Pick<Airdock, 'operations'> & { picture: Pick<Airdock['picture'], 'subscribe' | 'watch'> };
  window: Pick<DashboardWindow, 'visible' | 'onVisible' | 'subscribed'>;
  onFault(fault: unknown): void;
}

export interface PageChannels {
  handlers: Pick<ChannelHandlers, 'call' | 'subscribe' | 'unsubscribe'>;
  /** Nobody hears anything any more. */
  close(): void;
}

interface Subscriber {
  /** Null while nobody could see what it brings. */
  feed: Feed | null;
  forget(): void;
}

/** The channels that carry the engine to a page: calls, and the picture as long as somebody can see it. */
export function createPageChannels({ airdock, window, onFault }: PageChannelsDeps): PageChannels {
  const pages = createPages();
  const subscribers = new Map<WebContents, Subscriber>();

  const open = (page: WebContents): Feed =>
    startFeed({
      picture: airdock.picture,
      snapshot: () => airdock.operations.snapshot({}, { signal: new AbortController().signal, caller: 'dashboard' }),
      push: (event) => void pushTo(page, 'event', event),
    });

  function drop(page: WebContents): void {
    const subscriber = subscribers.get(page);
    if (!subscriber) return;
    subscribers.delete(page);
    subscriber.forget();
    subscriber.feed?.stop();
  }

  /** Nothing is pushed to a window that nobody sees; when it is seen again, the picture begins anew. */
  function follow(page: WebContents, subscriber: Subscriber): void {
    const seen = window.visible();
    if (!seen) {
      subscriber.feed?.stop();
      subscriber.feed = null;
    } else if (subscriber.feed === null) {
      subscriber.feed = open(page);
      subscriber.feed.begun.catch(onFault);
    }
  }

  const unfollow = window.onVisible(() => {
    for (const [page, subscriber] of subscribers) follow(page, subscriber);
  });

  async function call(name: OperationName, input: unknown, page: WebContents) {
    const leaving = new AbortController();
    const forget = pages.whenGone(page, () => leaving.abort());
    const called = await invokeOperation(airdock.operations, name, input, { signal: leaving.signal, caller: 'dashboard' });
    forget();
    if (!called.ok) {
      if (called.because === 'input') return { ok: false as const, problem: called.problem };
      // What ended because the page went is no fault.
      if (!leaving.signal.aborted) onFault(called.fault);
      // A desktop app has no output that somebody would see.
      return { ok: false as const, problem: problem(called.problem.code, called.problem.message, inLog) };
    }
    const output = operations[name].output.safeParse(called.value);
    if (output.success) return { ok: true as const, value: output.data };
    throw new Error(`The output of ${name} is not what the contract says: ${issuesInWords(output.error.issues)}.`);
  }

  async function subscribe(page: WebContents) {
    // A page that asks twice, or anew after a reload, has one subscription; it begins with a snapshot each time.
    drop(page);
    // The first picture goes out unseen too: a window is shown when its page has something to show.
    const feed = open(page);
    const subscriber: Subscriber = { feed, forget: pages.whenGone(page, () => drop(page)) };
    subscribers.set(page, subscriber);
    try {
      await feed.begun;
    } catch (fault) {
      onFault(fault);
      if (subscribers.get(page) === subscriber) drop(page);
      return { ok: false as const, problem: problem('internal', 'Airdock could not make a picture of the memory.', inLog) };
    }
    if (subscribers.get(page) === subscriber) {
      window.subscribed(page);
      follow(page, subscriber);
    }
    return { ok: true as const, value: { text: 'Subscribed.' } };
  }

  return {
    handlers: {
      call: ({ operation, input }, page) => call(operation, input, page),
      subscribe: (_input, page) => subscribe(page),
      unsubscribe: (_input, page) => {
        drop(page);
        return { ok: true, value: { text: 'Unsubscribed.' } };
      },
    },
    close() {
      unfollow();
      for (const page of [...subscribers.keys()]) drop(page);
    },
  };
}
