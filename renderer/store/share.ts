type Plain = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Plain => typeof value === 'object' && value !== null;
const idOf = (value: unknown): unknown => (isObject(value) ? value.id : undefined);

function shareList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let known: Map<unknown, unknown> | null = null;
  let same = previous.length === next.length;
  const shared = next.map((item, index) => {
    const id = idOf(item);
    let before = previous[index];
    // What has an id is compared with what had it, wherever it stood: one row more must not make all rows after it new.
    if (id !== undefined && idOf(before) !== id) {
      known ??= new Map(previous.map((one) => [idOf(one), one]));
      before = known.get(id);
    }
    const kept = share(before, item);
    if (kept !== previous[index]) same = false;
    return kept;
  });
  return same ? previous : shared;
}

/** `next`, with every part of `previous` that says the same in its place: what has not changed stays the same object, and nothing is drawn for it. Plain data only. */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (!isObject(previous) || !isObject(next) || Array.isArray(previous) !== Array.isArray(next)) return next;
  if (Array.isArray(next)) return shareList(previous as unknown as unknown[], next) as T;
  let same = true;
  let keys = 0;
  // Copied only where a part of the old one is put into it; most of what is new has but one new figure.
  let shared: Record<string, unknown> = next as Record<string, unknown>;
  for (const key in next) {
    keys += 1;
    const part = next[key];
    const before = previous[key];
    const kept = part === before ? part : share(before, part);
    if (kept !== before || (before === undefined && !Object.hasOwn(previous, key))) same = false;
    if (kept === part) continue;
    if (shared === (next as unknown)) shared = { ...(next as Record<string, unknown>) };
    shared[key] = kept;
  }
  return (same && Object.keys(previous).length === keys ? previous : shared) as T;
}
