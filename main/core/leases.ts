import { patchSlot, leasesToChange, type Draft } from './draft.ts';

export function endLease(draft: Draft, id: string): void {
  const lease = draft.leases.get(id);
  leasesToChange(draft).delete(id);
  const slot = lease && draft.slots.get(lease.key);
  if (slot) patchSlot(draft, slot, { lastUsedAt: draft.now, lastUsedAwake: draft.awake, lastUsedFrom: 'lease' });
}

export function endUnrenewedLeases(draft: Draft): void {
  for (const lease of draft.leases.values()) {
    if (lease.ttlMs === null || draft.awake - lease.renewedAwake < lease.ttlMs) continue;
    endLease(draft, lease.id);
    draft.effects.push({ type: 'lease-ended', lease: lease.id, why: 'not-renewed' });
  }
}
