/** DOM id of a model's row in the list of those in memory. */
export function rowId(modelId: string): string {
  return `in-memory-${modelId}`;
}

/** Brings a model's row into view and gives it the focus. */
export function showModel(modelId: string): void {
  const row = document.getElementById(rowId(modelId));
  row?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  row?.focus({ preventScroll: true });
}
