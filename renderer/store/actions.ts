import type { StoreApi } from 'zustand/vanilla';
import { formatBytes } from '../text/format.ts';
import type { Config, OperationInput, OperationName, OperationOutput, Plan, Problem } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import type { Transport } from '../transport.ts';
import { addOlder } from './apply-event.ts';
import { createMemoryActions } from './memory-actions.ts';
import { createModelActions } from './model-actions.ts';
import type { DashboardState, LoadRequest } from './state.ts';

const by = 'dashboard';
const page = 30;

type Answer<N extends OperationName> = { ok: true; output: OperationOutput<N> } | { ok: false; problem: Problem };

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function refusalOf(output: unknown): Problem | null {
  const outcome = output as { ok?: boolean; problem?: Problem };
  return outcome.ok === false && outcome.problem !== undefined ? outcome.problem : null;
}

/** What a person can do on the page. Each action tells the engine and waits; what becomes of it arrives as an event. */
export function createActions({ store, transport }: { store: StoreApi<DashboardState>; transport: Transport }) {
  const announce = (announcement: string) => store.setState({ announcement });
  const setRequest = (id: string, request: LoadRequest | null) =>
    store.setState((state) => ({ requests: request === null ? without(state.requests, id) : { ...state.requests, [id]: request } }));

  /** Calls an operation under a key: pending while it runs, its refusal kept beside the button that was pressed. */
  async function run<N extends OperationName>(key: string, operation: N, input: OperationInput<N>): Promise<Answer<N>> {
    if (store.getState().pending[key]) return { ok: false, problem: text.problems.unreachable };
    store.setState((state) => ({ pending: { ...state.pending, [key]: true }, refusals: without(state.refusals, key) }));
    const result = await transport.call(operation, input);
    const found = result.ok ? refusalOf(result.output) : result.problem;
    // Whoever cancels knows it.
    const refusal = found?.code === 'cancelled' ? null : found;
    store.setState((state) => ({
      pending: without(state.pending, key),
      refusals: refusal === null ? state.refusals : { ...state.refusals, [key]: refusal },
    }));
    return found === null && result.ok ? result : { ok: false, problem: found ?? text.problems.unreachable };
  }

  function refused(id: string, problem: Problem, plan: Plan | null) {
    setRequest(id, problem.code === 'cancelled' ? null : { phase: 'refused', problem, plan });
  }

  function preview(id: string, plan: Plan, contextLength?: number) {
    setRequest(id, { phase: 'preview', plan, ...(contextLength === undefined ? {} : { contextLength }) });
  }

  /** Room can be made with a yes, and nothing else is in the way. */
  const needsYes = (plan: Plan) => plan.unloads.length > 0 && (plan.fit.kind === 'evicts' || plan.problem?.code === 'needs-room');

  async function load(id: string, options: { force?: boolean; mayUnload?: string[]; tryOnce?: boolean; contextLength?: number } = {}) {
    setRequest(id, { phase: 'loading' });
    const result = await transport.call('load', { model: id, stay: true, by, ...options });
    if (!result.ok) return refused(id, result.problem, null);
    if (result.output.ok) {
      setRequest(id, null);
      return announce(text.announce.loaded(result.output.value.model.name));
    }
    const { problem, plan } = result.output;
    if (plan !== undefined && problem.code === 'needs-room' && needsYes(plan)) return preview(id, plan, options.contextLength);
    refused(id, problem, plan ?? null);
  }

  /** Asks what a load would do; goes ahead where nothing has to leave for it, else shows it first. */
  async function askToLoad(id: string, { forFiles = false, ...context }: { forFiles?: boolean; contextLength?: number } = {}) {
    store.setState(({ loadForFiles }) => ({ loadForFiles: forFiles ? id : loadForFiles === id ? null : loadForFiles }));
    setRequest(id, { phase: 'planning' });
    const result = await transport.call('plan', { model: id, ...context });
    if (!result.ok) return refused(id, result.problem, null);
    if (!result.output.ok) return refused(id, result.output.problem, result.output.plan ?? null);
    const plan = result.output.value;
    if (plan.canLoad) return load(id, context);
    if (needsYes(plan)) return preview(id, plan, context.contextLength);
    refused(id, plan.problem ?? { code: 'no-room', message: plan.sentence }, plan);
  }

  async function showOlder() {
    const oldest = store.getState().activity.at(-1);
    if (oldest === undefined || store.getState().older === 'loading') return;
    store.setState({ older: 'loading' });
    const result = await transport.call('activity', { before: oldest.id, limit: page });
    store.setState((state) => (result.ok ? addOlder(state, result.output.entries, page) : { older: 'unknown' }));
  }

  return {
    /** For parts that are fetched later: any operation, under a key of their own. */
    run,
    announce,
    askToLoad,
    load,
    /** null: their answer was put aside, and with it what was asked about a load there. */
    askForFiles(files: readonly File[] | null) {
      const { loadForFiles } = store.getState();
      if (loadForFiles !== null) setRequest(loadForFiles, null);
      store.setState({ files, loadForFiles: null });
    },
    closeRequest: (id: string) => setRequest(id, null),
    dismissRefusal: (key: string) => store.setState((state) => ({ refusals: without(state.refusals, key) })),
    cancelLoad: (id: string) => run(`cancel:${id}`, 'cancelLoad', { model: id }),
    async unload(id: string, name: string, confirm = false) {
      const result = await run(`unload:${id}`, 'unload', { model: id, by, ...(confirm ? { confirm } : {}) });
      if (result.ok) announce(text.announce.unloaded(name));
    },
    /** Everything that nobody uses now, however short: the button says "unused", not "unused for long". */
    async unloadUnused() {
      const result = await run('unloadIdle', 'unloadIdle', { idleForSeconds: 0, by });
      if (!result.ok || !result.output.ok) return;
      const { unloaded } = result.output.value;
      const freed = formatBytes(unloaded.reduce((sum, model) => sum + model.ram, 0));
      announce(unloaded.length === 0 ? text.announce.unloadedNone : text.announce.unloadedSome(unloaded.length, freed));
    },
    keep: (id: string, pinned: boolean) => run(`keep:${id}`, 'pin', { model: id, pinned }),
    endProcess: (id: string) => run(`end:${id}`, 'endRunner', { model: id }),
    async addFolder(path: string): Promise<boolean> {
      const result = await run('addFolder', 'addFolder', { path });
      return result.ok;
    },
    useFolder: (path: string) => run(`folder:${path}`, 'addFolder', { path }),
    removeFolder: (path: string) => run(`folder:${path}`, 'removeFolder', { path }),
    makeSamples: () => run('samples', 'makeSamples', {}),
    cancelSamples: () => run('cancelSamples', 'cancelSamples', {}),
    reloadLost: (provider: string, dismiss: boolean) =>
      run(`lost:${provider}`, 'reloadLost', dismiss ? { provider, dismiss } : { provider }),
    endMode: (mode: 'freeze' | 'pause' | 'hold') =>
      mode === 'hold' ? run('mode:hold', 'freeMemory', { on: false }) : run(`mode:${mode}`, mode, { on: false }),
    appsKey: () => run('appsKey', 'appsKey', {}),
    newAppsKey: () => run('newAppsKey', 'newAppsKey', {}),
    pairingLinks: () => run('pairingLinks', 'pairingLinks', {}),
    /** The engine names the operation of a suggestion's button; it checks the input like any other call's. */
    follow: (id: string, operation: string, input: unknown) =>
      run(`advice:${id}`, operation as OperationName, input as OperationInput<OperationName>),
    /** Changes settings by path. What they are then comes from the engine's answer, and once more as it tells everybody. */
    async changeSettings(key: string, edit: (config: Config) => OperationInput<'configSet'>['set'], name: string): Promise<boolean> {
      const { settings } = store.getState();
      if (settings === null) return false;
      const result = await run(key, 'configSet', { set: edit(settings.config) });
      if (!result.ok || !result.output.ok) return false;
      const { config } = result.output.value;
      store.setState((state) => (state.settings === null ? {} : { settings: { ...state.settings, config } }));
      announce(text.settings.value.saved(name));
      return true;
    },
    dismissAdvice: (id: string) => run(`dismiss:${id}`, 'dismissAdvice', { id }),
    showOlder,
    ...createMemoryActions({ run, announce, load }),
    ...createModelActions({ store, transport, showOlder }),
  };
}

export type Actions = ReturnType<typeof createActions>;
