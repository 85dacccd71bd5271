import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LiveState, UpdateState } from '../../../contract/index.ts';
import { loadedModelFixture, stateFixture } from '../../../test/snapshot-fixture.ts';
import type { Updater } from './updater.ts';
import { createUpdates, type UpdatesDeps } from './updates.ts';

/** electron-updater as far as Airdock uses it. */
function standIn({ newest = '2.0.0' as string | null } = {}) {
  const emitter = new EventEmitter();
  const calls: string[] = [];
  const script = { check: null as Error | null, download: null as Error | null };
  const parts = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    logger: null,
    async checkForUpdates() {
      calls.push('check');
      if (script.check) {
        emitter.emit('error', script.check);
        throw script.check;
      }
      const updateInfo = { version: newest ?? '1.0.0' } as never;
      return { isUpdateAvailable: newest !== null, updateInfo, versionInfo: updateInfo };
    },
    async downloadUpdate() {
      calls.push('download');
      emitter.emit('download-progress', { percent: 40.4 });
      if (script.download) throw script.download;
      emitter.emit('update-downloaded', { version: newest });
      return ['file'];
    },
    quitAndInstall: (silent?: boolean, run?: boolean) => void calls.push(`install ${silent} ${run}`),
  } satisfies Omit<Updater, 'on'>;
  const updater: Updater = Object.assign(parts, { on: (event: string, listener: (...args: never[]) => void) => emitter.on(event, listener as never) });
  return { updater, emitter, calls, script };
}

function start(change: Partial<UpdatesDeps> = {}, made = standIn()) {
  let live: LiveState = stateFixture();
  const listeners = new Set<(state: LiveState) => void>();
  const seen: UpdateState[] = [];
  const faults: unknown[] = [];
  const outcome = { failed: 0, quits: 0 };
  const updates = createUpdates({
    load: async () => made.updater,
    picture: {
      state: () => live,
      subscribe: ({ state }) => {
        listeners.add(state);
        return () => void listeners.delete(state);
      },
    },
    daily: () => false,
    quitInto: (last) => {
      outcome.quits += 1;
      last(() => void (outcome.failed += 1));
    },
    onChange: (state) => seen.push(state),
    onFault: (fault) => faults.push(fault),
    ...change,
  });
  onTestFinished(() => updates.close());
  const show = (state: LiveState): void => {
    live = state;
    for (const listener of [...listeners]) listener(state);
  };
  const statuses = () => seen.map(({ status }) => status);
  return { updates, made, seen, statuses, faults, outcome, show, listeners };
}

describe('createUpdates', () => {
  it('is off where the app does not update itself', async () => {
    const { updates } = start({ load: null });
    expect(updates.state().status).toBe('off');
    for (const answer of [updates.check(), updates.download(), updates.install()]) expect(await answer).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
  });

  it('fetches and installs nothing by itself', async () => {
    const { updates, made, statuses } = start();
    expect(await updates.check()).toMatchObject({ ok: true, value: { text: expect.stringContaining('2.0.0') } });
    expect(updates.state()).toMatchObject({ status: 'available', version: '2.0.0' });
    expect(made.updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false });
    expect(made.calls).toEqual(['check']);
    expect(statuses()).toEqual(['checking', 'available']);
  });

  it('says that there is nothing newer', async () => {
    const { updates } = start({}, standIn({ newest: null }));
    await updates.check();
    expect(updates.state()).toMatchObject({ status: 'current', version: null });
    expect(await updates.download()).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await updates.install()).toMatchObject({ ok: false });
  });

  it('downloads with progress, once', async () => {
    const { updates, made, seen } = start();
    await updates.check();
    await Promise.all([updates.download(), updates.download()]);
    expect(made.calls).toEqual(['check', 'download']);
    expect(seen.map(({ status, progress }) => [status, progress])).toEqual([['checking', null], ['available', null], ['downloading', 0], ['downloading', 0.4], ['ready', null]]);
    await updates.check();
    expect(updates.state().status).toBe('ready');
  });

  it('tells of its progress once a second at most, and of the end at once', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { updates, made, seen } = start();
    made.updater.downloadUpdate = async () => {
      for (let percent = 1; percent <= 100; percent += 1) {
        made.emitter.emit('download-progress', { percent });
        vi.advanceTimersByTime(100);
      }
      made.emitter.emit('update-downloaded', { version: '2.0.0' });
      return ['file'];
    };
    await updates.check();
    await updates.download();
    expect(seen.filter(({ status }) => status === 'downloading').map(({ progress }) => progress)).toEqual([0, 0.01, 0.11, 0.21, 0.31, 0.41, 0.51, 0.61, 0.71, 0.81, 0.91]);
    expect(updates.state().status).toBe('ready');
  });

  it('installs at once where nothing is in use, after everything has ended', async () => {
    const { updates, made, outcome, listeners } = start();
    await updates.check();
    await updates.download();
    await updates.install();
    await updates.install();
    expect(outcome.quits).toBe(1);
    expect(made.calls.at(-1)).toBe('install true true');
    expect(listeners.size).toBe(0);
  });

  it('waits for models that are in use or on their way, and names them', async () => {
    const { updates, outcome, show } = start();
    await updates.check();
    await updates.download();
    const [used, loads] = [loadedModelFixture({ inUse: true }), loadedModelFixture({ id: 'b', name: 'phi', state: 'loading' })];
    show(stateFixture({ loaded: [used, loads] }));
    expect(await updates.install()).toMatchObject({ ok: true, value: { text: expect.stringContaining('llama3.2 and phi') } });
    expect(updates.state()).toMatchObject({ status: 'waiting', waitsFor: 'llama3.2 and phi' });
    show(stateFixture({ loaded: [loads] }));
    expect(updates.state().waitsFor).toBe('phi');
    expect(outcome.quits).toBe(0);
    show(stateFixture({ loaded: [loadedModelFixture()] }));
    expect(outcome.quits).toBe(1);
  });

  it('begins the app anew where the installer fails', async () => {
    const { updates, made, outcome, faults } = start();
    await updates.check();
    await updates.download();
    await updates.install();
    made.emitter.emit('error', new Error('pkexec was dismissed'));
    expect(outcome.failed).toBe(1);
    expect(faults).toHaveLength(1);
  });

  it('turns every failure into a sentence, and can be tried again', async () => {
    const made = standIn();
    const { updates, faults } = start({}, made);
    made.script.check = new Error('net::ERR_INTERNET_DISCONNECTED');
    expect(await updates.check()).toMatchObject({ ok: false, problem: { hint: 'Is this computer online?' } });
    expect(updates.state()).toMatchObject({ status: 'failed', problem: { code: 'internal' } });
    made.script.check = null;
    await updates.check();
    made.script.download = new Error('sha512 checksum mismatch');
    expect(await updates.download()).toMatchObject({ ok: false });
    expect(updates.state()).toMatchObject({ status: 'failed', version: '2.0.0' });
    made.script.download = null;
    expect(await updates.download()).toMatchObject({ ok: true });
    expect(updates.state().status).toBe('ready');
    expect(faults).toHaveLength(2);
  });

  it('survives a library that cannot be loaded', async () => {
    let broken = true;
    const made = standIn();
    const { updates } = start({
      load: async () => {
        if (broken) throw new Error('no module');
        return made.updater;
      },
    });
    expect(await updates.check()).toMatchObject({ ok: false });
    broken = false;
    expect(await updates.check()).toMatchObject({ ok: true });
  });

  it('looks by itself only where the settings say so', async () => {
    const silent = start({ firstCheckMs: 1, dayMs: 5 });
    const eager = start({ firstCheckMs: 1, dayMs: 5, daily: () => true });
    await expect.poll(() => eager.made.calls.length).toBeGreaterThan(2);
    expect(silent.made.calls).toEqual([]);
    expect(eager.made.calls).not.toContain('download');
    eager.updates.close();
  });
});
