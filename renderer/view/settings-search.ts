/** Whether a setting is meant by what somebody looks for: every word of it is in its name, its key or its meaning. */
export function isMeant(query: string, texts: readonly string[]): boolean {
  const words = fold(query).split(/\s+/).filter((word) => word !== '');
  const all = fold(texts.join(' '));
  return words.every((word) => all.includes(word));
}

/** "Groß", "gross" and "GROSS" are one word, as are "ä" and "a"; keys have words between their underscores. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '');
}
