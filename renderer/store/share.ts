type Plain = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Plain => typeof value === 'object' && value !== null;
const idOf = (value: unknown): unknown => (isObject(value) ? value.id : undefined);

function shareList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  // What has an id is compared with what had it, wherever it stood: one row more must not make all rows after it new.
  const known = idOf(next[0]) === undefined ? null : new Map(previous.map((item) => [idOf(item), item]));
  const shared = next.map((item, index) => share(known === null ? previous[index] : known.get(idOf(item)), item));
  return shared.length === previous.length && shared.every((item, index) => item === previous[index]) ? previous : shared;
}

/** `next`, with every part of `previous` that says the same in its place: what has not changed stays the same object, and nothing is drawn for it. Plain data only. */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (!isObject(previous) || !isObject(next) || Array.isArray(previous) !== Array.isArray(next)) return next;
  if (Array.isArray(next)) return shareList(previous as unknown as unknown[], next) as T;
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(previous).length;
  const shared: Record<string, unknown> = {};
  for (const key of keys) {
    shared[key] = share(previous[key], next[key]);
    if (shared[key] !== previous[key] || !Object.hasOwn(previous, key)) same = false;
  }
  return (same ? previous : shared) as T;
}
