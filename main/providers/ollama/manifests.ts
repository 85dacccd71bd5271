import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isRegistryHost, parseModelName, type ModelName } from './model-name.ts';

/** Manifests name some dozen layers. */
const MOST_BYTES = 1024 * 1024;
/** So many installed models are looked at to learn where plain names come from. */
const MOST_LOOKED = 50;

export interface Origin {
  /** The registry, as Ollama calls the folder of what came from there. */
  host: string;
  /** The manifest as it lies there. */
  text: string;
}

/**
 * Where an installed model came from, by Ollama's own store (`manifests/<host>/<namespace>/<model>/<tag>`). A file counts only
 * if its digest is the one that Ollama lists: another Ollama's store, or one that was left behind, tells nothing about this one.
 */
export async function originOf(store: string, name: ModelName, digest: string): Promise<Origin | null> {
  const wanted = digest.replace(/^sha256:/, '');
  for (const host of name.host === null ? await hostsIn(store) : [name.host]) {
    const text = await readSmall(path.join(store, 'manifests', host, name.namespace, name.model, name.tag));
    if (text !== null && createHash('sha256').update(text).digest('hex') === wanted) return { host, text };
  }
  return null;
}

/** The registry that names without a host come from; null: nothing that is installed tells. */
export async function usualHost(store: string, installed: readonly { name: string; digest: string }[]): Promise<string | null> {
  const plain = installed.flatMap(({ name, digest }) => {
    const parsed = parseModelName(name);
    return parsed === null || parsed.host !== null ? [] : [{ parsed, digest }];
  });
  for (const { parsed, digest } of plain.slice(0, MOST_LOOKED)) {
    const origin = await originOf(store, parsed, digest);
    if (origin !== null) return origin.host;
  }
  return null;
}

async function hostsIn(store: string): Promise<string[]> {
  const names = await readdir(path.join(store, 'manifests')).catch(() => [] as string[]);
  return names.filter(isRegistryHost);
}

async function readSmall(file: string): Promise<string | null> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    return size > MOST_BYTES ? null : await handle.readFile('utf8');
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
