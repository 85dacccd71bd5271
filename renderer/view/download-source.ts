/** What a person has typed or pasted: a path of this computer, or something to be downloaded. */
export function isPath(text: string): boolean {
  return /^(?:\/|~\/|[A-Za-z]:[\\/]|\\\\)/.test(text.trim());
}

/** The name that all parts of a split model share; else the file's own. */
export function leadOf(fileName: string): string {
  return fileName.replace(/-\d{5}-of-(\d{5}\.gguf)$/i, '-*-of-$1');
}

/** Quotation marks, as file managers put them around a copied path. */
export function withoutQuotes(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}
