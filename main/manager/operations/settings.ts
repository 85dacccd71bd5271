import { formatBytes, GIB, problem, type OperationHandlers, type Problem } from '../../../contract/index.ts';
import { resolveName } from '../names.ts';
import { done, no, ok, type Common } from './common.ts';

/** What is kept in the settings, and the modes that change how they work. */
export function settingsOperations(common: Common): Pick<OperationHandlers, 'pin' | 'freeze' | 'pause' | 'configGet' | 'configSet' | 'addFolder' | 'removeFolder' | 'dismissAdvice' | 'keyChanged' | 'signInLink' | 'makeSamples' | 'cancelSamples'> {
  const { engine, config, known, record } = common;

  async function setMode(mode: 'freeze' | 'pause', on: boolean, forSeconds: number | undefined, by: string, words: [string, string]) {
    const now = common.now();
    engine.dispatch({ type: 'mode', mode, value: on ? { since: now, until: forSeconds === undefined ? null : now + forSeconds * 1000 } : null });
    record('setting', on ? words[0] : words[1], { by, parts: { what: 'mode', mode, on, over: false } });
    return done(on ? words[0] : words[1]);
  }

  return {
    pin: async ({ model, pinned }, { caller }) => {
      const found = await known(model);
      if (!found.ok) return found;
      const { id, name, weights } = found.value;
      const before = config.current().config.models.pinned;
      // A pin belongs to the weights: taking it back takes back every alias'.
      const others = before.filter((entry) => {
        const resolved = resolveName(engine.library.models, entry);
        return !resolved.ok || resolved.model.weights !== weights;
      });
      const set = await config.set({ 'models.pinned': pinned ? [...others, id] : others }, caller);
      if (!set.ok) return no(set.problem);
      const text = pinned ? `${name} is kept in memory.` : `${name} is no longer kept in memory.`;
      record('setting', text, { model: id, name, by: caller, parts: { what: 'pin', pinned } });
      return done(text);
    },

    freeze: ({ on, forSeconds }, { caller }) => setMode('freeze', on, forSeconds, caller, ['Models are frozen: nothing is loaded or unloaded.', 'Models are no longer frozen.']),

    pause: ({ on, forSeconds }, { caller }) => setMode('pause', on, forSeconds, caller, ['Everything in memory is kept.', 'Unused models are unloaded again.']),

    configGet: async () => {
      const { config: value, problem: wrong, warnings } = config.current();
      return { config: value, path: config.path, problem: wrong, warnings };
    },

    configSet: async ({ set }, { caller }) => {
      // The schema cannot know how much there is; a slip of the finger here would empty the memory.
      const reserve = set['memory.reserve_gb'];
      if (reserve !== undefined) engine.measure();
      const total = engine.state.memory?.total ?? Infinity;
      if (typeof reserve === 'number' && reserve * GIB >= total) {
        return no(problem('bad-config', `memory.reserve_gb is ${reserve}, but this computer has only ${formatBytes(total)}.`, 'Give a smaller number; nothing was changed.'));
      }
      return config.set(set, caller);
    },

    addFolder: async ({ path }, { caller }) => {
      const before = config.current().config.models.directories;
      if (before.includes(path)) return done(`${path} is used already.`);
      const checked = await checkFolder(path);
      if (checked) return no(checked);
      const set = await config.set({ 'models.directories': [...before, path] }, caller);
      if (!set.ok) return no(set.problem);
      await engine.poll({ catalog: true });
      return done(`${path} is used for models.`);
    },

    removeFolder: async ({ path }, { caller }) => {
      const before = config.current().config.models.directories;
      const set = await config.set({ 'models.directories': before.filter((p) => p !== path) }, caller);
      if (!set.ok) return no(set.problem);
      await engine.poll({ catalog: true });
      return done(`${path} is no longer used.`);
    },

    dismissAdvice: async ({ id }) => {
      common.dismiss(id);
      return done('Dismissed.');
    },

    keyChanged: async ({ id }) => {
      if (!config.current().config.providers.openai.some((server) => server.id === id)) return no(problem('not-found', `The settings have no server ${id} under providers.openai.`));
      common.keyChanged(id);
      await engine.poll({ catalog: true });
      return done(`The keychain is asked again for the key of ${id}.`);
    },

    signInLink: async () => {
      const url = common.signInLink();
      return url === null ? no(problem('not-running', 'The dashboard is not being served.')) : ok({ url });
    },

    makeSamples: async () => {
      const made = await common.samples.make();
      await engine.poll({ catalog: true });
      return made;
    },

    cancelSamples: async () => {
      common.samples.cancel();
      return done('Cancelled.');
    },
  };
}

/** A folder that cannot be used is refused before it gets into the config. */
async function checkFolder(path: string): Promise<Problem | null> {
  const { isAbsolute } = await import('node:path');
  const { opendir } = await import('node:fs/promises');
  if (!isAbsolute(path)) return problem('bad-folder', `${path} is not a full path.`, 'Give the whole path, from the root or the drive on.');
  try {
    const dir = await opendir(path);
    await dir.close();
    return null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return problem('bad-folder', `There is no folder ${path}.`, 'Check the spelling.');
    if (code === 'ENOTDIR') return problem('bad-folder', `${path} is a file, not a folder.`, 'Name the folder that it is in.');
    if (code === 'EACCES' || code === 'EPERM') return problem('bad-folder', `${path} may not be read.`, 'Give this user the right to read it.');
    return problem('bad-folder', `${path} cannot be read (${code ?? 'unknown error'}).`);
  }
}
