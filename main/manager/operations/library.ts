import path from 'node:path';
import { problem, type Download, type DownloadCheck, type OperationHandlers, type Outcome } from '../../../contract/index.ts';
import { usesOf } from '../../core/demand.ts';
import type { ModelLibrary } from '../../providers/model-library.ts';
import { done, no, ok, type Common } from './common.ts';
import { diskUsage } from './disk-usage.ts';

/** How models come to this computer, as the operations know it (main/library). */
export interface LibraryPort {
  check(source: string, signal: AbortSignal): Promise<Outcome<DownloadCheck>>;
  pull(source: string, by: string): Outcome<Download>;
  import(file: string, link: boolean, by: string): Promise<Outcome<Download>>;
  resume(id: string, by: string): Outcome<Download>;
  cancel(id: string, discard: boolean): Promise<Outcome<{ text: string }>>;
  /** Bytes that can still be written in a folder; null: it cannot be told. */
  freeDisk(folder: string): Promise<number | null>;
}

type LibraryOperations = 'diskUsage' | 'checkDownload' | 'pullModel' | 'resumePull' | 'cancelPull' | 'importModel' | 'deleteModel' | 'modelDetails' | 'checkUpdate';

/** Somebody may load it again between its leaving and its deletion. */
const ATTEMPTS = 3;

/** `library` is null where nothing is downloaded. */
export function libraryOperations(common: Common, library: LibraryPort | null): Pick<OperationHandlers, LibraryOperations> {
  const { engine, known, record } = common;
  const unserved = no(problem('not-running', 'Models are not being downloaded here.'));

  /** A model by its name, with what its source can do with its files. */
  async function withLibrary(name: string) {
    const found = await known(name);
    if (!found.ok) return found;
    const catalogModel = engine.library.byId.get(found.value.id);
    const of: ModelLibrary | undefined = engine.provider(found.value.provider)?.library;
    if (!catalogModel || !of) return no(problem('forbidden', `${found.value.name} is not among the models whose files Airdock looks after.`));
    return { ok: true as const, model: found.value, providerName: catalogModel.providerName, of };
  }

  return {
    checkDownload: async ({ source }, { signal }) => (library === null ? unserved : library.check(source, signal)),

    pullModel: async ({ source, by }, { caller }) => (library === null ? unserved : library.pull(source, by ?? caller)),

    resumePull: async ({ id, by }, { caller }) => (library === null ? unserved : library.resume(id, by ?? caller)),

    cancelPull: async ({ id, discard }) => (library === null ? unserved : library.cancel(id, discard ?? false)),

    importModel: async ({ path: file, link, by }, { caller }) => (library === null ? unserved : library.import(file, link ?? false, by ?? caller)),

    deleteModel: async ({ model, confirm, by }, { caller }) => {
      const found = await withLibrary(model);
      if (!found.ok) return found;
      const { id, name, weights, provider } = found.model;
      const asker = by ?? caller;
      const details = await found.of.details(found.providerName, AbortSignal.timeout(10_000));
      if (details.ok && details.details.keptBecause) return no(details.details.keptBecause);
      // Another name of the same weights keeps them: only a name is deleted.
      const others = (engine.library.core.byWeights.get(weights) ?? []).filter((other) => other.id !== id);
      for (let attempt = 0; others.length === 0 && (engine.state.slots.has(weights) || engine.state.jobs.has(weights)); attempt++) {
        if (attempt === ATTEMPTS) return no(problem('in-use', `${name} is loaded again and again by others, so it was not deleted.`, 'Freeze models, or end what uses it, and try again.'));
        if (!engine.state.slots.has(weights)) return no(problem('in-use', `${name} is being loaded.`, 'Cancel that, or try again when it has finished.'));
        const gone = await engine.unload(weights, { confirm: confirm ?? false, by: asker, reason: 'asked' });
        if (!gone.ok) return no(gone.problem);
      }
      const deleted = await found.of.delete(found.providerName);
      await engine.poll({ catalog: true });
      if (!deleted.ok) return no(deleted.problem);
      const text = others.length > 0 ? `The name ${name} was deleted; the model stays as ${others[0]!.name}.` : `${name} was deleted.`;
      record('notice', text, { model: id, name, provider, by: asker, parts: { what: 'deleted' } });
      return done(text);
    },

    modelDetails: async ({ model }, { signal }) => {
      const found = await withLibrary(model);
      if (!found.ok) return found;
      const told = await found.of.details(found.providerName, signal);
      if (!told.ok) return no(told.problem);
      const { id, name, weights } = found.model;
      const [file] = told.details.files;
      const folder = file === undefined ? await found.of.directory() : path.dirname(file.path);
      return ok({ id, name, folder, lastUsed: usesOf(engine.state.demand, weights)?.at ?? null, ...told.details });
    },

    diskUsage: async () => {
      await engine.whenLooked();
      return ok(await diskUsage(engine, async (folder) => library?.freeDisk(folder) ?? null, common.now()));
    },

    checkUpdate: async ({ model }, { signal }) => {
      const found = await withLibrary(model);
      if (!found.ok) return found;
      const { name } = found.model;
      const unknown = (text: string) => ok({ state: 'unknown' as const, text });
      if (!found.of.latest) return unknown(`Where ${name} came from is not known, so whether there is a newer one is not either.`);
      const [own, latest] = await Promise.all([found.of.details(found.providerName, signal), found.of.latest(found.providerName, signal)]);
      if (!latest.ok && latest.problem.code === 'unknown-model') return ok({ state: 'gone' as const, text: `${latest.problem.message} ${name} may have been made on this computer.` });
      if (!latest.ok) return no(latest.problem);
      if (!own.ok) return no(own.problem);
      if (latest.digest === null || own.details.digest === null) return unknown(`Only Ollama knows where ${name} comes from. Downloading it again fetches what has changed, and nothing else.`);
      const same = own.details.digest.replace(/^sha256:/, '') === latest.digest;
      return ok(same ? { state: 'current' as const, text: `${name} is up to date.` } : { state: 'newer' as const, text: `There is a newer ${name}.` });
    },
  };
}
