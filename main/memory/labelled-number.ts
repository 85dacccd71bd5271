/** The whole number that follows `label` at the start of a line, or null. `from` must not lie inside the wanted line. */
export function labelledNumber(text: string, label: string, from = 0): number | null {
  const at = from === 0 && text.startsWith(label) ? 0 : text.indexOf(`\n${label}`, from) + 1;
  if (at === 0 && !text.startsWith(label)) return null;
  const start = at + label.length;
  const value = Number.parseInt(text.slice(start, start + 32), 10);
  return Number.isFinite(value) ? value : null;
}
