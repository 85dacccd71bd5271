import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { createLlamaCppProvider, samplesDirectory } from '../../main/providers/llama-cpp/index.ts';
import type { LlamaCppOptions, LlamaCppProvider } from '../../main/providers/llama-cpp/provider.ts';
import { tensorType } from '../../main/providers/llama-cpp/gguf/format.ts';
import type { GgufValue } from '../../main/providers/llama-cpp/gguf/write.ts';
import { createWeightSource } from '../../main/providers/llama-cpp/random-weights.ts';
import { createSampleMaker } from '../../main/providers/llama-cpp/samples.ts';
import { layOutSample } from '../../main/providers/llama-cpp/sample-model.ts';
import type { SampleShape } from '../../main/providers/llama-cpp/sample-model.ts';
import type { Resident } from '../../main/memory/memory.ts';
import type { CatalogModel, InferenceRequest, LoadOutcome, LoadRequest } from '../../main/providers/provider.ts';

export const MIB = 1024 * 1024;

/** A model of 3 MB that loads as a real one does. */
export const tinyShape: SampleShape = { name: 'tiny', layers: 2, embedding: 256, feedForward: 512, heads: 4, kvHeads: 2, contextLength: 2048, seed: 7 };

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'airdock-llama-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a working model of a few MB; the file is called as the shape is. */
export async function writeTiny(folder: string, name = 'tiny'): Promise<string> {
  const made = await createSampleMaker({ dir: folder, shapes: [{ ...tinyShape, name }] }).make({ signal: new AbortController().signal });
  if (!made.ok) throw new Error(made.problem.message);
  return path.join(folder, `${name}.gguf`);
}

/** Writes a model whose weights are all zero, with other metadata than the samples have. */
export async function writeVariant(folder: string, name: string, options: Parameters<typeof layOutSample>[1], shape: SampleShape = tinyShape): Promise<string> {
  const layout = layOutSample({ ...shape, name }, options);
  const whole = new Uint8Array(layout.totalBytes);
  whole.set(layout.header);
  const file = path.join(folder, `${name}.gguf`);
  await writeFile(file, whole);
  return file;
}

/** Writes a model with random weights and other metadata than the samples have. Unlike theirs, its weights also choose single bytes and the end. */
export async function writeRandom(folder: string, name: string, extra: Record<string, GgufValue> = {}, shape: SampleShape = tinyShape): Promise<string> {
  const layout = layOutSample({ ...shape, name }, { extra });
  const whole = new ArrayBuffer(layout.totalBytes);
  new Uint8Array(whole).set(layout.header);
  const source = createWeightSource(shape.seed);
  for (const { at, bytes, tensor } of layout.tensors) {
    if (tensor.type === tensorType.f32) new Float32Array(whole, at, bytes / 4).fill(1);
    else source.fill(new Uint32Array(whole, at, bytes / 4));
  }
  const file = path.join(folder, `${name}.gguf`);
  await writeFile(file, new Uint8Array(whole));
  return file;
}

/** A provider over the shared samples (and `directories`), stopped when the test ends. */
export function testProvider(options: Partial<LlamaCppOptions> = {}): LlamaCppProvider {
  const provider = createLlamaCppProvider({
    dataDir: inject('dataDir'),
    directories: () => [],
    contextLengthFor: () => 2048,
    childEntry: inject('childEntry'),
    readResident,
    surroundings: { home: '/nonexistent', platform: process.platform, env: {} },
    ...options,
  });
  onTestFinished(() => provider.stop());
  return provider;
}

export const sampleFolder = () => samplesDirectory(inject('dataDir'));

export async function catalogOf(provider: LlamaCppProvider): Promise<CatalogModel[]> {
  const { models } = await provider.poll({ catalog: true, signal: new AbortController().signal });
  return models ?? [];
}

export async function findModel(provider: LlamaCppProvider, name: string): Promise<CatalogModel> {
  const models = await catalogOf(provider);
  const model = models.find((candidate) => candidate.providerName === name);
  if (!model) throw new Error(`${name} is not among ${models.map((each) => each.providerName).join(', ')}`);
  return model;
}

export type Loaded = Extract<LoadOutcome, { ok: true }>;

export function loadRequest(model: CatalogModel, more: Partial<LoadRequest> = {}): LoadRequest {
  return { model, contextLength: null, keepAliveMs: Infinity, signal: new AbortController().signal, onProgress: () => undefined, ...more };
}

/** Loads by name and insists on success. */
export async function load(provider: LlamaCppProvider, name: string): Promise<{ model: CatalogModel; loaded: Loaded; pid: number }> {
  const model = await findModel(provider, name);
  const loaded = await provider.load(loadRequest(model));
  if (!loaded.ok) throw new Error(loaded.problem.message);
  if (loaded.pid === null) throw new Error('a loaded model has a process');
  return { model, loaded, pid: loaded.pid };
}

/** Asks for an answer; what a test does not name is a short greedy continuation of a prompt. */
export async function ask(provider: LlamaCppProvider, id: string, more: Partial<InferenceRequest> = {}) {
  const pieces: string[] = [];
  const outcome = await provider.inference.generate({
    id,
    input: { kind: 'prompt', prompt: 'Once upon', template: false },
    maxTokens: 16,
    stop: [],
    sampling: { temperature: 0 },
    json: null,
    signal: new AbortController().signal,
    onText: (text) => pieces.push(text),
    ...more,
  });
  return { outcome, pieces, text: pieces.join('') };
}

/** The same, and insists on an answer. */
export async function answer(provider: LlamaCppProvider, id: string, more: Partial<InferenceRequest> = {}) {
  const { outcome, pieces, text } = await ask(provider, id, more);
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return { ...outcome, pieces, text };
}

export const unload = (provider: LlamaCppProvider, weights: string) => provider.unload({ weights, ifUnusedSince: null }, new AbortController().signal);

export function readResident(pid: number): Resident | null {
  const anon = statusField(pid, 'RssAnon');
  const file = statusField(pid, 'RssFile');
  return anon === null || file === null ? null : { anon, file };
}

export function isAlive(pid: number): boolean {
  return statusField(pid, 'RssAnon') !== null;
}

/**
 * Bytes that the system could still give, mapped files of living processes counted as given. Freed pages that wait on
 * per-CPU lists are added: Linux 6.7 and later keeps up to an eighth of the memory there for seconds after a large
 * process has ended (seen on 6.18: 620 MiB), and counts them neither as free nor as available.
 */
export function availableBytes(): number {
  const available = Number(/^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
  const perCpu = [...readFileSync('/proc/zoneinfo', 'utf8').matchAll(/^\s+count:\s+(\d+)$/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
  return available + perCpu * 4096;
}

/** Waits until `met` or fails after `deadlineMs`. */
export async function until(met: () => boolean, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!met()) {
    if (Date.now() > end) throw new Error(`not so after ${deadlineMs} ms: ${met.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function statusField(pid: number, field: string): number | null {
  try {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) * 1024 : null;
  } catch {
    return null;
  }
}
