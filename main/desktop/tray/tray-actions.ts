import type { CallContext, OperationHandlers, Problem, ShowTarget } from '../../../contract/index.ts';
import type { TrayActions } from './menu.ts';

export interface TrayActionDeps extends Pick<TrayActions, 'show' | 'checkForUpdates' | 'installUpdate' | 'quit'> {
  /** null while Airdock does not run. */
  operations(): OperationHandlers | null;
  /** Opens the dashboard at what stands in the way of a click: nobody asked for the window itself. */
  explain(target: Partial<ShowTarget>): void;
  /** A click that did not work, where the dashboard has no place for it. */
  failed(problem: Problem): void;
  onFault(fault: unknown): void;
}

type Answer = { ok: true; value: unknown } | { ok: false; problem: Problem };

/** What clicks in the menu do. A person's click is answered: where it is refused, the dashboard opens at what stands in the way. */
export function createTrayActions(deps: TrayActionDeps): TrayActions {
  const by = 'tray';
  // Nobody goes away from a click in a menu: its load stays wanted.
  const context: CallContext = { signal: new AbortController().signal, caller: by };

  function ask(question: (operations: OperationHandlers) => Promise<Answer>, refused: (problem: Problem) => void): void {
    const operations = deps.operations();
    if (!operations) return;
    void Promise.resolve()
      .then(() => question(operations))
      .then((answer) => {
        if (!answer.ok) refused(answer.problem);
      })
      .catch(deps.onFault);
  }

  const inModels = (model: string) => () => deps.explain({ page: 'models', model });
  const inMemory = (model: string) => () => deps.explain({ page: 'memory', model });

  return {
    load: (model) => ask((o) => o.load({ model, stay: true, by }, context), unlessCancelled(inModels(model))),
    cancelLoad: (model) => ask((o) => o.cancelLoad({ model }, context), deps.failed),
    unload: (model) => ask((o) => o.unload({ model, by }, context), inMemory(model)),
    pin: (model, pinned) => ask((o) => o.pin({ model, pinned }, context), deps.failed),
    freeMemory: (on) => ask((o) => o.freeMemory({ on }, context), deps.failed),
    pause: (on, forSeconds) => ask((o) => o.pause(timed(on, forSeconds), context), deps.failed),
    freeze: (on, forSeconds) => ask((o) => o.freeze(timed(on, forSeconds), context), deps.failed),
    show: deps.show,
    checkForUpdates: deps.checkForUpdates,
    installUpdate: deps.installUpdate,
    quit: deps.quit,
  };
}

function timed(on: boolean, forSeconds: number | null): { on: boolean; forSeconds?: number } {
  return forSeconds === null ? { on } : { on, forSeconds };
}

/** Who has cancelled a load knows that it was cancelled. */
function unlessCancelled(refused: (problem: Problem) => void): (problem: Problem) => void {
  return (problem) => {
    if (problem.code !== 'cancelled') refused(problem);
  };
}
