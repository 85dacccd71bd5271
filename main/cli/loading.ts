import { formatList, problem, type LoadDone, type LoadOptions, type Outcome } from '../../contract/index.ts';
import type { ConnectedManager } from '../client/connect-manager.ts';
import type { Context } from './context.ts';
import { showProgress } from './progress.ts';

/**
 * Loads a model as a person does: shows what is under way, and asks before others go for it. A yes is a yes to what was named:
 * where others would have to go by then, it asks again. Without anybody to ask, what was refused stays refused.
 */
export async function loadWithQuestion(context: Context, manager: ConnectedManager, name: string, wish: LoadOptions): Promise<Outcome<LoadDone>> {
  const { terminal } = context;
  const signal = context.signal();
  let consent: Pick<LoadOptions, 'force' | 'mayUnload'> = {};
  for (;;) {
    const stop = showProgress(manager, terminal, name);
    const outcome = await manager.loadModel(name, { ...wish, ...consent, signal }).finally(stop);
    if (outcome.ok || outcome.problem.code !== 'needs-room' || !outcome.plan || wish.force || context.json || !terminal.asks) return outcome;
    const { unloads, sentence } = outcome.plan;
    terminal.note(sentence);
    if (!(await terminal.ask(`Unload ${formatList(unloads.map((one) => one.name))}?`))) return { ok: false, problem: problem('cancelled', 'Nothing was changed.') };
    consent = { force: true, mayUnload: unloads.map(({ id }) => id) };
  }
}
