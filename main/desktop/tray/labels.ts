/** The longest that a model's name may be in a menu. */
const LONGEST = 40;

/** Any text as a menu shows it: a single & would be swallowed as a keyboard mark (on macOS too), a tab would start a column. */
export function label(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim().replace(/&/g, '&&');
}

/** A long name keeps its end: that is where sizes and quantisations stand. */
function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST ? name : `${characters.slice(0, 23).join('')}…${characters.slice(-16).join('')}`;
}

/** What each model is called in the menu, by id: short, and no two alike. Not yet escaped. */
export function menuNames(models: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  const names = new Map(models.map(({ id, name }) => [id, shorten(name)]));
  for (const distinct of [(id: string) => models.find((model) => model.id === id)?.name ?? id, (id: string) => id]) {
    const count = new Map<string, number>();
    for (const name of names.values()) count.set(name, (count.get(name) ?? 0) + 1);
    for (const [id, name] of names) if ((count.get(name) ?? 0) > 1) names.set(id, distinct(id));
  }
  return names;
}
