import { describe, expect, it } from 'vitest';
import type { LoadRequest } from '../provider.ts';
import type { ApiResult, OllamaApi } from './api.ts';
import { createCatalog } from './catalog.ts';
import { loadModel } from './load.ts';
import { createPresence } from './presence.ts';
import { createRunnerWatch } from './runner-watch.ts';
import { createNoRunnerFinder } from './runners.ts';
import type { RunningModel } from './wire.ts';

/** Races inside Ollama that last a millisecond there, so that no server can be made to show them on demand: its answers are scripted. */
const digest = 'ab'.repeat(32);
const ok = <T>(value: T): ApiResult<T> => ({ ok: true, value, dateMs: null, sentAt: Date.now(), receivedAt: Date.now() });

function running(expiresAt: number): RunningModel {
  return { name: 'one:latest', digest, size: 1e6, size_vram: 0, expires_at: new Date(expiresAt).toISOString(), context_length: 512, details: null };
}

function scripted(script: { ps: () => RunningModel[]; load?: OllamaApi['load'] }) {
  const unloaded: string[] = [];
  const api: OllamaApi = {
    version: async () => ok('0.33.0'),
    ps: async () => ok(script.ps()),
    tags: async () => ok([]),
    show: async () => ok({ modelfile: null, details: null, model_info: null, capabilities: null }),
    load: script.load ?? (async () => ok({ error: null, done_reason: null, eval_count: null })),
    unload: async (name) => {
      unloaded.push(name);
      return ok({ error: null, done_reason: null, eval_count: null });
    },
    generate: async () => ok({ error: null, done_reason: null, eval_count: null }),
  };
  const finder = createNoRunnerFinder();
  const now = Date.now;
  const catalog = createCatalog({ api, providerId: 'ollama', further: false, contextLengthFor: () => 512, now, lifetime: new AbortController().signal });
  const presence = createPresence({ api, catalog, watch: createRunnerWatch(finder, now), providerId: 'ollama', now, vramDevice: () => null });
  return { api, catalog, presence, finder, now, unloaded, url: 'http://127.0.0.1:1' };
}

function request(signal: AbortSignal): LoadRequest {
  const model = {
    id: 'ollama/one:latest',
    provider: 'ollama',
    providerName: 'one:latest',
    weights: `ollama:${digest}`,
    sizeBytes: 1e6,
    estimate: { ram: 1e6, vram: {} },
    contextLength: 512,
    maxContextLength: null,
    family: null,
    parameterSize: null,
    quantization: null,
    capabilities: ['completion'],
    sample: false,
    settings: 'ollama',
    problem: null,
  };
  return { model, contextLength: 512, keepAliveMs: 360_000, signal, onProgress: () => {} };
}

describe('a load', () => {
  it('whose expiry still moves when it answers is no use once it stands still', async () => {
    let looks = 0;
    let settledAt = 0;
    const deps = scripted({
      ps: () => {
        looks++;
        if (looks === 3) settledAt = Date.now();
        return [running((looks < 3 ? Date.now() : settledAt) + 360_000)];
      },
    });
    expect(await loadModel(deps, request(new AbortController().signal))).toMatchObject({ ok: true });
    expect(looks).toBeGreaterThanOrEqual(4);
    const later = await deps.presence.look();
    expect(later.ok && later.value[0]?.observed).toMatchObject({ lastUsed: null, busy: null });
  });

  it('that was finished in the moment of its cancellation is taken back', async () => {
    const cancel = new AbortController();
    let there = false;
    const deps = scripted({
      ps: () => (there && deps.unloaded.length === 0 ? [running(Date.now() + 360_000)] : []),
      load: async () => {
        there = true;
        cancel.abort();
        return { ok: false, failure: { kind: 'aborted' } };
      },
    });
    expect(await loadModel(deps, request(cancel.signal))).toMatchObject({ ok: false, kind: 'cancelled' });
    expect(deps.unloaded).toEqual(['one:latest']);
  });
});

describe('a touch', () => {
  it('whose expiry shows only after its answer is no use', async () => {
    const before = Date.now() - 60_000;
    let looks = 0;
    let touchedAt = 0;
    const deps = scripted({ ps: () => [running(++looks < 4 ? before + 300_000 : touchedAt + 900_000)] });
    await deps.presence.look();
    const first = deps.presence.last(`ollama:${digest}`)?.observed.lastUsed;
    const act = deps.presence.beginOwnAct(`ollama:${digest}`, 900_000);
    touchedAt = Date.now() + 40;
    await act.settle();
    const after = deps.presence.last(`ollama:${digest}`)?.observed;
    expect(looks).toBeGreaterThanOrEqual(4);
    expect(after?.expiresAt).toBe(touchedAt + 900_000);
    expect(after?.lastUsed).toBe(first);
    await deps.presence.look();
    expect(deps.presence.last(`ollama:${digest}`)?.observed.lastUsed).toBe(first);
  });
});
