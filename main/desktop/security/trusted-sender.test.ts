import { beforeEach, expect, it } from 'vitest';
import { createFakeElectron, type FakeContents } from '../../../test/fakes/electron/index.ts';
import { createSenderCheck } from './trusted-sender.ts';

let page: FakeContents;
let other: FakeContents;
const isTrusted = createSenderCheck((contents) => contents === page.contents);
const from = (change: object = {}) => isTrusted({ sender: page.contents, senderFrame: { ...page.frame()!, ...change } as never });

beforeEach(async () => {
  const { electron, windows } = createFakeElectron();
  await electron.app.whenReady();
  for (const _ of [1, 2]) await new electron.BrowserWindow({ show: false }).loadURL('app://airdock/');
  [page, other] = windows().map((one) => one.page) as [FakeContents, FakeContents];
});

it('trusts the main frame of our window on our page', () => {
  expect(from()).toBe(true);
  expect(isTrusted({ sender: page.contents, senderFrame: page.frame() })).toBe(true);
});

it('does not trust a frame that is gone', () => {
  expect(isTrusted({ sender: page.contents, senderFrame: null })).toBe(false);
});

it('does not trust a frame inside of the page, whatever its origin', () => {
  expect(from({ parent: page.frame(), frameTreeNodeId: 99 })).toBe(false);
  expect(from({ parent: page.frame() })).toBe(false);
  expect(from({ frameTreeNodeId: 99 })).toBe(false);
});

it.each(['null', '', 'https://airdock', 'app://airdock.evil', 'app://evil', 'app://airdock:1', 'file://', 'http://127.0.0.1:11500', 'chrome-error://chromewebdata'])(
  'does not trust the origin %j',
  (origin) => expect(from({ origin })).toBe(false),
);

it('does not trust another window, even with our page in it', () => {
  expect(isTrusted({ sender: other.contents, senderFrame: other.frame() })).toBe(false);
});

it('does not trust a window that has been destroyed', () => {
  const frame = page.frame();
  page.destroy();
  expect(isTrusted({ sender: page.contents, senderFrame: frame })).toBe(false);
});
