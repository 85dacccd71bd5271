import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { ModelLibrary } from '../model-library.ts';
import { toCatalogModel } from './catalog.ts';
import { bytesPerToken, choosePlacement, estimateFootprint } from './footprint.ts';
import type { VramDevice } from './footprint.ts';
import type { LibraryModel } from './library.ts';

const contextSizes = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

export interface LlamaLibraryDeps {
  ownDirectory: string;
  /** What the last listing found. */
  models(): readonly LibraryModel[];
  device(): VramDevice | null;
}

/** GGUF files as a library: what their headers tell, and deleting those that Airdock itself has put there. */
export function createLlamaLibrary({ ownDirectory, models, device }: LlamaLibraryDeps): ModelLibrary {
  const find = (name: string): LibraryModel | undefined => models().find((model) => model.name === name);
  const missing = (name: string) => ({ ok: false as const, problem: problem('unknown-model', `There is no file of a model called ${name} any more.`) });

  /** Airdock deletes nothing that it has not put there. */
  async function keptBecause({ parts, name, sample }: LibraryModel): Promise<Problem | null> {
    if (sample) return problem('forbidden', `${name} is a sample model of Airdock's, which is not deleted by itself.`, `All samples go with their folder: ${path.dirname(parts[0]?.path ?? '')}`);
    const own = await realpath(ownDirectory).catch(() => null);
    if (own !== null && parts.every((part) => path.dirname(part.path) === own)) return null;
    return problem('forbidden', `${name} lies in a folder of your own, which Airdock leaves alone.`, `Delete the file yourself: ${parts[0]?.path ?? ''}`);
  }

  return {
    directory: async () => ownDirectory,

    folderOf: (name) => find(name)?.folder ?? null,

    async delete(name) {
      const model = find(name);
      if (!model) return missing(name);
      const kept = await keptBecause(model);
      if (kept) return { ok: false, problem: kept };
      // A projector that another model uses as well stays with that.
      const shared = models().some((other) => other !== model && other.projector?.path === model.projector?.path);
      const files = [...model.parts.map((part) => part.path), ...(model.projector && !shared ? [model.projector.path] : [])];
      try {
        // The first part last: without it the others are nothing, with it they are a model that misses some.
        for (const file of files.reverse()) await rm(file, { force: true });
        return { ok: true };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
        const hint = code === 'EBUSY' || code === 'EPERM' ? 'Another program may have it open: close that and try again.' : 'Check the rights of the folder.';
        return { ok: false, problem: problem('delete-failed', `The file of ${name} could not be deleted (${code}).`, hint) };
      }
    },

    async details(name) {
      const model = find(name);
      if (!model) return missing(name);
      const { gguf, sizeBytes } = model;
      const listed = toCatalogModel(model, 4096, device());
      const most = gguf?.contextLength ?? null;
      const kept = await keptBecause(model);
      const ram = (contextLength: number): number => {
        if (!gguf) return sizeBytes;
        const placement = choosePlacement(gguf, sizeBytes, contextLength, device());
        return estimateFootprint(gguf, sizeBytes, contextLength, placement, device()).ram;
      };
      const sizes = gguf?.causal === true ? contextSizes.filter((size) => most === null || size <= most) : [];
      return {
        ok: true,
        details: {
          architecture: gguf?.architecture ?? null,
          parameterSize: listed.parameterSize,
          quantization: listed.quantization,
          maxContextLength: most,
          kvBytesPerToken: gguf?.causal === true ? bytesPerToken(gguf) : null,
          contexts: sizes.map((contextLength) => ({ contextLength, ram: ram(contextLength) })),
          files: model.parts.map((part) => ({ path: part.path, bytes: part.size })),
          projector: model.projector,
          license: null,
          digest: null,
          deletable: kept === null,
          keptBecause: kept,
        },
      };
    },
  };
}
