/** Parts of a bar, with the letter that stands for each where there are no block characters. */
export interface Part {
  share: number;
  block: string;
  letter: string;
}

/** Cells for each part; rounded so that they fill the width exactly, whatever the shares. */
export function cellsOf(shares: readonly number[], width: number): number[] {
  const total = shares.reduce((sum, share) => sum + Math.max(0, share), 0);
  let before = 0;
  let drawn = 0;
  return shares.map((share) => {
    before += Math.max(0, share);
    const end = total === 0 ? 0 : Math.round((before / total) * width);
    const cells = end - drawn;
    drawn = end;
    return cells;
  });
}

/** A bar of parts, as wide as `width`. */
export function gauge(parts: readonly Part[], width: number, blocks: boolean): string[] {
  const cells = cellsOf(parts.map(({ share }) => share), width);
  return parts.map(({ block, letter }, index) => (blocks ? block : letter).repeat(cells[index] ?? 0));
}

/** How far something is, 0 to 1. */
export function progressBar(progress: number, width: number, blocks: boolean): string {
  const share = Math.min(1, Math.max(0, progress));
  return gauge([{ share, block: '█', letter: '#' }, { share: 1 - share, block: '░', letter: '.' }], width, blocks).join('');
}
