/** Number of model colours in styles.css (`--model-0` and on). */
export const colourCount = 8;

function hash(id: string): number {
  let value = 2166136261;
  for (let i = 0; i < id.length; i += 1) value = Math.imul(value ^ id.charCodeAt(i), 16777619);
  return value >>> 0;
}

/**
 * A colour number per model: by its id, so that a model looks the same tomorrow, and the next free one where another
 * model in memory has it already. A model keeps its colour for as long as it is in memory.
 */
export function assignColours(previous: Readonly<Record<string, number>>, ids: readonly string[]): Record<string, number> {
  const assigned: Record<string, number> = {};
  for (const id of ids) {
    const kept = previous[id];
    if (kept !== undefined) assigned[id] = kept;
  }
  for (const id of ids) {
    if (assigned[id] !== undefined) continue;
    const taken = new Set(Object.values(assigned));
    const first = hash(id) % colourCount;
    let colour = first;
    for (let step = 0; step < colourCount && taken.has(colour); step += 1) colour = (first + step) % colourCount;
    assigned[id] = colour;
  }
  return assigned;
}

/** The CSS value of a colour number. */
export function colourOf(colours: Readonly<Record<string, number>>, id: string): string {
  return `var(--model-${colours[id] ?? hash(id) % colourCount})`;
}
