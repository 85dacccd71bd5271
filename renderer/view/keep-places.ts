/** `ids` in the order of `held` for as far as that goes; what is new follows. Nothing moves under the pointer. */
export function keepPlaces(held: readonly string[], ids: readonly string[]): string[] {
  const present = new Set(ids);
  const known = new Set(held);
  return [...held.filter((id) => present.has(id)), ...ids.filter((id) => !known.has(id))];
}
