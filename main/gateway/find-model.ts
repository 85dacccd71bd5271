import { problem, type Problem } from '../../contract/index.ts';
import type { CatalogModel } from '../providers/provider.ts';
import type { Forwarder } from './forward.ts';
import { isCloudName, ollamaKey, shortForm } from './ollama/names.ts';
import type { ModelsPort } from './ports.ts';

/** online: Ollama knows it and it takes no memory here, so its requests are passed on as they are. */
export type FoundModel = { kind: 'found'; model: CatalogModel } | { kind: 'online' } | { kind: 'refused'; problem: Problem; temporary?: boolean };

export interface ModelFinder {
  /** What is known at once; null: `find` has to wait or to ask for it. */
  known(name: string): FoundModel | null;
  find(name: string): Promise<FoundModel>;
  /** Something was pulled, made or deleted: what is asked for next waits for the new list. */
  lookAgain(): void;
  /** These weights are about to go: until the undoing is called, nobody is given them. */
  close(weights: string): () => void;
}

/** Whoever asks again and again for what is not there must not keep Ollama listing its models. */
const lookEveryMs = 2_000;

export function createModelFinder({ models, forwarder, now }: { models: ModelsPort; forwarder: Forwarder; now: () => number }): ModelFinder {
  let looking: Promise<void> | null = null;
  /** The look that follows a change: until it has ended, what is known may be wrong. */
  let changing: Promise<void> | null = null;
  let lookedAt = -Infinity;
  /** Everything installed has been looked at once: before that, a name may mean another model than what is known by it so far. */
  let begun = false;
  const closed = new Map<string, Promise<void>>();

  function look(): Promise<void> {
    looking ??= models.lookAgain().finally(() => {
      looking = null;
      lookedAt = now();
    });
    return looking;
  }

  function resolve(name: string): ReturnType<ModelsPort['resolve']> {
    const found = models.resolve(name);
    if (found.ok || found.problem.code !== 'unknown-model') return found;
    const short = shortForm(name);
    return short === name ? found : models.resolve(short);
  }

  /** Ollama may have what the list does not show: an online model, or one that is new to it. */
  async function askOllama(name: string): Promise<'online' | 'local' | 'unknown'> {
    const ollama = models.ollama();
    if (!ollama?.up) return 'unknown';
    if (isCloudName(name)) return 'online';
    const answer = await forwarder.ask({ url: ollama.url, headers: {} }, '/api/show', { body: { model: name } });
    if (answer?.status !== 200) return 'unknown';
    const { remote_host: remote } = answer.value as { remote_host?: unknown };
    return typeof remote === 'string' && remote !== '' ? 'online' : 'local';
  }

  return {
    known(name) {
      if (!begun || changing !== null) return null;
      const found = resolve(name);
      return found.ok && !closed.has(found.model.weights) ? { kind: 'found', model: found.model } : null;
    },
    async find(name) {
      await models.whenKnown();
      begun = true;
      if (changing !== null) await changing;
      let found = resolve(name);
      for (let wait = found.ok && closed.get(found.model.weights); wait; wait = found.ok && closed.get(found.model.weights)) {
        await wait;
        if (changing !== null) await changing;
        found = resolve(name);
      }
      if (!found.ok && found.problem.code === 'unknown-model') {
        if (looking !== null || now() - lookedAt >= lookEveryMs) {
          await look();
          found = resolve(name);
        }
        if (!found.ok && found.problem.code === 'unknown-model') {
          const server = models.ollama();
          if (server && !server.up) {
            const hint = `Ollama does not answer at ${server.url}, so its models are not known: start it, or set providers.ollama.host (without it, OLLAMA_HOST counts) to where it listens.`;
            return { kind: 'refused', problem: { ...found.problem, hint } };
          }
          const there = await askOllama(name);
          if (there === 'online') return { kind: 'online' };
          if (there === 'local') {
            await look();
            found = resolve(name);
          }
          if (there === 'local' && !found.ok && found.problem.code === 'unknown-model') {
            const hint = 'Try again in a moment.';
            return { kind: 'refused', temporary: true, problem: problem('provider-down', `Ollama has "${name}", but Airdock has not looked at it yet.`, hint) };
          }
        }
      }
      return found.ok ? { kind: 'found', model: found.model } : { kind: 'refused', problem: found.problem };
    },
    lookAgain() {
      // A look that is under way may have begun before the change.
      const mine: Promise<void> = (looking ?? Promise.resolve()).then(look).finally(() => {
        if (changing === mine) changing = null;
      });
      changing = mine;
    },
    close(weights) {
      let open = (): void => undefined;
      const mine = new Promise<void>((resolve) => (open = resolve));
      closed.set(weights, mine);
      return () => {
        if (closed.get(weights) === mine) closed.delete(weights);
        open();
      };
    },
  };
}

/** Whether the server means this model by what the client wrote; where not, the server's own name takes its place. */
export function isUnderstood(name: string, model: CatalogModel, dialect: 'ollama' | 'openai'): boolean {
  if (name === model.providerName) return true;
  return dialect === 'ollama' && ollamaKey(name) === ollamaKey(model.providerName);
}

/** Begins as Ollama's own answer does, which clients look for, and goes on with Airdock's. */
export function unknownText(name: string, said: Problem): Problem {
  return said.code === 'unknown-model' ? { ...said, message: `model '${name}' not found: ${said.message}` } : said;
}
