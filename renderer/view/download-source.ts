/** What a person has typed or pasted: a path of this computer, or something to be downloaded. */
export function isPath(text: string): boolean {
  return /^(?:\/|~\/|[A-Za-z]:[\\/]|\\\\)/.test(text.trim());
}

/** Quotation marks, as file managers put them around a copied path. */
export function withoutQuotes(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}
