import type { ProgramUse } from '../../contract/index.ts';

/** Memory of one process, under its program's name. */
export interface ProcessUse {
  name: string;
  /** Bytes that are its own. */
  own: number;
  /** Bytes that it shares, most likely with processes of the same program. */
  shared: number;
}

/** The largest programs first. Shared memory counts once per program, as its largest user sees it: fifty PostgreSQL workers have one buffer pool. */
export function largest(processes: Iterable<ProcessUse>, count: number): ProgramUse[] {
  const programs = new Map<string, { own: number; shared: number }>();
  for (const { name, own, shared } of processes) {
    const program = programs.get(name) ?? { own: 0, shared: 0 };
    programs.set(name, { own: program.own + own, shared: Math.max(program.shared, shared) });
  }
  return [...programs]
    .map(([name, { own, shared }]) => ({ name, bytes: own + shared }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
    .slice(0, Math.max(0, count));
}
