import { problem } from '../../contract/index.ts';
import { about, answerJob, answerUnload, note, providersToChange, type Draft } from './draft.ts';
import { abandon } from './waiters.ts';
import { markGone } from './load-ended.ts';
import { dropLeases } from './observe.ts';

/** A provider's server was exchanged, or switched off, in the settings: loads there are given up, and its models leave the picture although they may still be in memory. */
export function providerReplaced(draft: Draft, id: string): void {
  const label = draft.providers.get(id)?.label ?? id;
  const why = `${label} was switched off or moved in the settings`;
  for (const job of [...draft.jobs.values()]) {
    if (draft.catalog.byId.get(job.modelId)?.provider !== id) continue;
    answerJob(draft, job, { ok: false, problem: problem('provider-down', `The load was given up: ${why}.`, 'Ask again where it is still wanted.') });
    abandon(draft, { ...job, waiters: [] });
  }
  for (const slot of [...draft.slots.values()]) {
    if (slot.provider !== id) continue;
    answerUnload(draft, slot, { ok: false, problem: problem('provider-down', `${slot.name} is no longer looked after: ${why}.`) });
    dropLeases(draft, slot);
    draft.slots.delete(slot.key);
    // Answers of the former server that are still on their way must not bring it back.
    markGone(draft, slot.key);
    if (slot.state === 'loading') note(draft, { ...about(slot), kind: 'failed', reason: 'other', code: 'cancelled', text: `Loading ${slot.name} was given up: ${why}.` });
    else note(draft, { ...about(slot), kind: 'disappeared', reason: 'other', ram: slot.booked.ram, text: `${slot.name} is no longer looked after: ${why}.` });
  }
  const provider = draft.providers.get(id);
  if (provider) providersToChange(draft).set(id, { ...provider, lost: [] });
}
