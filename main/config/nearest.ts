/** The candidate that a typing error would most likely have come from, or null where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = containsParts(word, candidate) ? 1 : editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** "max_loaded" is near "max_concurrent_loaded", however many letters are between them. */
function containsParts(word: string, candidate: string): boolean {
  const parts = new Set(candidate.toLowerCase().split(/[._]/));
  return word
    .toLowerCase()
    .split(/[._]/)
    .every((part) => parts.has(part));
}
