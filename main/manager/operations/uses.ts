import { problem, type OperationHandlers, type Problem } from '../../../contract/index.ts';
import { createElsewhereUses, elsewhereRefusal } from '../elsewhere.ts';
import type { LoadWish } from '../engine.ts';
import { done, no, ok, type Common } from './common.ts';

/** Programs that use a model, for as long as they say. */
export function usesOperations(common: Common): Pick<OperationHandlers, 'acquire' | 'renew' | 'release' | 'generate'> {
  const { engine, known, asked, explain } = common;
  const elsewhere = createElsewhereUses(common.now);

  return {
    acquire: async ({ model, force, holder, ttlMs }, context) => {
      const found = await known(model);
      if (!found.ok) return found;
      if (found.value.elsewhere !== undefined) {
        const why = elsewhereRefusal(engine, found.value);
        return why ? no(why) : ok({ id: elsewhere.begin(found.value.id, ttlMs), model: found.value.id, ttlMs });
      }
      const wish: LoadWish = { modelId: found.value.id, force: force ?? false, tryOnce: false, contextLength: null, origin: 'client', by: holder, lease: { holder, ttlMs } };
      const answer = await asked(wish, context.signal);
      if (!answer.ok) return explain(answer.problem, answer.plan, null);
      // Whoever left while the answer was on its way holds nothing.
      if (context.signal.aborted) {
        engine.dispatch({ type: 'lease-released', lease: answer.lease! });
        return no(problem('cancelled', 'The load was cancelled.'));
      }
      return ok({ id: answer.lease!, model: answer.modelId, ttlMs });
    },

    renew: async ({ lease }) => {
      if (elsewhere.renew(lease)) return done('Renewed.');
      if (!engine.state.leases.has(lease)) return no(leaseGone());
      engine.dispatch({ type: 'lease-renewed', lease });
      return done('Renewed.');
    },

    release: async ({ lease }) => {
      if (elsewhere.end(lease)) return done('Released.');
      if (!engine.state.leases.has(lease)) return no(leaseGone());
      engine.dispatch({ type: 'lease-released', lease });
      return done('Released.');
    },

    generate: async ({ lease, prompt, maxTokens }, context) => {
      const held = engine.state.leases.get(lease);
      const slot = held && engine.state.slots.get(held.key);
      const online = engine.library.byId.get(elsewhere.find(lease)?.model ?? '');
      const owner = engine.provider(slot?.provider ?? online?.provider ?? '');
      const id = slot?.modelId ?? online?.id;
      if (id === undefined || !owner) return no(leaseGone());
      const result = await owner.generate({ id, prompt, maxTokens, signal: context.signal });
      return result.ok ? ok({ text: result.text, tokens: result.tokens }) : no(result.problem);
    },
  };
}

function leaseGone(): Problem {
  return problem('lease-gone', 'This use has ended: it was not renewed in time, or the model left memory.', 'Start it again.');
}
