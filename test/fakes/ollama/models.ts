import { createHash } from 'node:crypto';
import { displayName, nameKey, parseName, type ModelName } from './names.ts';
import type { FakeModel } from './types.ts';

/** A model with every default filled in. */
export interface Installed extends Required<Omit<FakeModel, 'remote' | 'name'>> {
  name: ModelName;
  /** As lists print it. */
  label: string;
  /** 64 hex digits of the weights' blob. */
  blobDigest: string;
  remote: FakeModel['remote'];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const mib = 1024 * 1024;

/** 64 hex digits for a blob as a test names it. */
export function blobDigestOf(blob: string): string {
  return /^(sha256[:-])?[0-9a-f]{64}$/.test(blob) ? blob.slice(-64) : sha256(`blob ${blob}`);
}

function complete(model: FakeModel): Installed {
  const name = parseName(model.name);
  if (name === null) throw new Error(`not a model name: ${model.name}`);
  const blobDigest = blobDigestOf(model.blob);
  const family = model.family ?? 'llama';
  const sizeBytes = model.sizeBytes ?? 100 * mib;
  return {
    name,
    label: displayName(name),
    blob: model.blob,
    blobDigest,
    sizeBytes,
    ramBytes: model.ramBytes ?? Math.round(sizeBytes * 1.5),
    ramBytesPerToken: model.ramBytesPerToken ?? 23_040,
    gpuShare: model.gpuShare ?? 0,
    contextLength: model.contextLength ?? 8192,
    capabilities: model.capabilities ?? ['completion'],
    loadMs: model.loadMs ?? 30,
    digest: model.digest ?? sha256(`manifest ${model.blob}`),
    modifiedAt: model.modifiedAt ?? '2026-01-02T03:04:05.678901234Z',
    family,
    families: model.families === undefined ? [family] : model.families,
    parameterSize: model.parameterSize ?? '134.52M',
    quantization: model.quantization ?? 'Q4_1',
    embeddingLength: model.embeddingLength ?? 576,
    blockCount: model.blockCount ?? 30,
    headCount: model.headCount ?? 9,
    headCountKv: model.headCountKv ?? 3,
    options: model.options ?? {},
    answer: model.answer ?? ['The', ' answer', ' is', ' forty', '-', 'two', '.', ' Always', '.'],
    remote: model.remote,
  };
}

/** The models on disk: names on the outside, weights within. */
export interface Library {
  find(text: string): Installed | undefined;
  /** Newest first, as /api/tags lists them. */
  list(): Installed[];
  install(model: FakeModel): Installed;
  copy(source: Installed, destination: ModelName, modifiedAt: string): void;
  remove(text: string): boolean;
  hasBlob(digest: string): boolean;
}

export function createLibrary(models: readonly FakeModel[]): Library {
  const byName = new Map<string, Installed>();
  const install = (model: FakeModel): Installed => {
    const entry = complete(model);
    byName.set(nameKey(entry.name), entry);
    return entry;
  };
  for (const model of models) install(model);
  const keyOf = (text: string): string | null => {
    const name = parseName(text);
    return name === null ? null : nameKey(name);
  };
  return {
    find: (text) => byName.get(keyOf(text) ?? ''),
    list: () => [...byName.values()].sort((a, b) => Math.floor(Date.parse(b.modifiedAt) / 1000) - Math.floor(Date.parse(a.modifiedAt) / 1000)),
    install,
    copy: (source, destination, modifiedAt) => {
      byName.set(nameKey(destination), { ...source, name: destination, label: displayName(destination), modifiedAt });
    },
    remove: (text) => byName.delete(keyOf(text) ?? ''),
    hasBlob: (digest) => [...byName.values()].some((entry) => entry.blobDigest === digest.slice(-64)),
  };
}
