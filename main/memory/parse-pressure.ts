/** The avg10 figures of /proc/pressure/memory or a cgroup's memory.pressure, in per cent (kernel: accounting/psi); null for anything else. */
export function parsePressure(text: string): { some: number; full: number } | null {
  const some = avg10(text, 'some ');
  if (some === null) return null;
  return { some, full: avg10(text, 'full ') ?? 0 };
}

function avg10(text: string, line: string): number | null {
  const start = text.indexOf(`${line}avg10=`);
  if (start < 0) return null;
  const value = Number.parseFloat(text.slice(start + line.length + 6));
  return Number.isFinite(value) ? value : null;
}
