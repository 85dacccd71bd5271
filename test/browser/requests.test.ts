import { describe, expect, it } from 'vitest';
import type { LiveState } from '../../contract/index.ts';
import { dashboardSubject, llama } from './dashboard-subject.ts';
import { live, snapshot } from './fixtures.ts';
import { answering, request } from './states/requests.ts';

const on = dashboardSubject();

const ready = () => llama({ unloadsAt: null, idleMs: 10_000 });
const busy = (...requests: LiveState['requests']) => on.engine.change({ loaded: [answering('llama3.2', 4.5, requests)], requests });
const idle = (requests: LiveState['requests'] = []) => on.engine.change({ loaded: [ready()], requests });
const row = () => on.page.locator('[data-row="ollama/llama3.2:latest"]');
const nextRequest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a program that is answered', () => {
  it('is named at its model with the time that it has taken, and no longer when it is over', async () => {
    on.engine.snapshot = snapshot(live([ready()]));
    await on.open();
    await on.shows(/stays while there is room/);
    busy(request('llama3.2', 'Open WebUI', 12));
    await on.shows(/^Answering Open WebUI for 1[23] s$/);
    await on.shows(/^Answering Open WebUI for 14 s$/);
    idle();
    await on.shows(/stays while there is room/);
  });

  it('is told calmly when it asks again and again: the words do not change between its requests, and nothing moves', async () => {
    on.engine.snapshot = snapshot(live([ready()]));
    await on.open();
    busy(request('llama3.2', 'Continue', 2));
    await on.shows(/^Answering Continue for/);
    const before = await on.page.getByRole('main').boundingBox();
    const offered = await on.page.locator('#in-memory').evaluateHandle((section) => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(...[...section.querySelectorAll('button')].map((one) => one.textContent ?? ''))).observe(section, { subtree: true, childList: true });
      return seen;
    });
    const said = await row().evaluateHandle((element) => {
      const words: string[] = [];
      new MutationObserver(() => words.push((element as HTMLElement).innerText)).observe(element, { subtree: true, childList: true, characterData: true, attributes: true });
      return words;
    });
    // Not in step with anything that looks at what came every so often.
    for (const pauseMs of [90, 310, 170, 530, 70, 410, 230, 350]) {
      idle();
      await nextRequest(pauseMs);
      busy(request('llama3.2', 'Continue', 0));
      await nextRequest(90);
    }
    await on.shows(/^Answering Continue for [4-6] s$/);
    expect((await offered.jsonValue()).filter((label) => label === 'Unload unused')).toEqual([]);
    const words = await said.jsonValue();
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((text) => !/Answering Continue for \d s/.test(text))).toEqual([]);
    expect(await on.page.getByRole('main').boundingBox()).toEqual(before);
  });
});

describe('programs that wait', () => {
  const waiting = () => on.page.locator('[data-waiting]');

  it('are listed with what they wait for, below the models, which stay where they are; no screen reader is told', async () => {
    on.engine.snapshot = snapshot(live([ready()]));
    await on.open();
    await row().waitFor();
    const before = await row().boundingBox();
    const spoken = () => on.page.locator('[aria-live], [role="status"], [role="alert"]').allInnerTexts();
    const silent = await spoken();
    const answered = request('llama3.2', 'Open WebUI', 40);
    const waits = request('qwen3:14b', 'Zed', 0, 'waiting');
    busy(answered, waits);
    await expect.poll(() => waiting().innerText()).toMatch(/^qwen3:14b\s+Zed has waited [12] s\s+llama3\.2 is in use$/);
    expect(await row().boundingBox()).toEqual(before);
    expect(await spoken()).toEqual(silent);
    busy(answered);
    await expect.poll(() => waiting().count()).toBe(0);
  });

  it('are never listed for less than a second', async () => {
    on.engine.snapshot = snapshot(live([ready()]));
    await on.open();
    await row().waitFor();
    const listed = await on.page.getByRole('main').evaluateHandle((main) => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(...[...main.querySelectorAll('[data-waiting]')].map((one) => one.textContent ?? ''))).observe(main, { subtree: true, childList: true });
      return seen;
    });
    idle([request('qwen3:14b', 'curl', 0, 'waiting')]);
    await nextRequest(400);
    idle();
    // One that lasts is listed, by a clock that has gone on meanwhile.
    idle([request('qwen3:14b', 'Zed', 0, 'waiting')]);
    await expect.poll(() => waiting().count()).toBe(1);
    expect((await listed.jsonValue()).filter((text) => text.includes('curl'))).toEqual([]);
  });
});

describe('how to use it from apps', () => {
  it('is told where nothing is in memory: both addresses to copy, and the key', async () => {
    await on.open();
    await on.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await on.button('Use it from your apps').click();
    const dialog = on.page.getByRole('dialog', { name: 'Use Airdock from your apps' });
    const address = on.engine.url.replace(/\/$/, '');
    for (const one of [address, `${address}/v1`]) {
      await dialog.getByRole('button', { name: `Copy “${one}”` }).click();
      await expect.poll(() => on.page.evaluate(() => navigator.clipboard.readText())).toBe(one);
    }
    await dialog.getByText(/No key is needed on this computer/).waitFor();
    await on.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await on.focused()).toBe('Use it from your apps');
  });

  it('leads to the settings, where it is told as well', async () => {
    on.engine.snapshot = snapshot(live([ready()]));
    await on.open();
    await on.button('Use from apps').click();
    await on.page.getByRole('dialog').getByRole('link', { name: 'Settings' }).click();
    await on.page.getByRole('dialog').waitFor({ state: 'detached' });
    await on.button('How to set up apps').click();
    await on.page.getByRole('dialog', { name: 'Use Airdock from your apps' }).waitFor();
  });
});
