/** One request of a trace. */
export interface Request {
  /** Since the beginning of the trace, ms. */
  at: number;
  user: string;
  model: string;
}

/** What a model takes: bytes, and ms to load it again. */
export interface Cost {
  bytes: number;
  reloadMs: number;
}

export type Catalog = ReadonlyMap<string, Cost>;

/** A file that cannot be replayed, with the line that says why. */
export class BadFile extends Error {}

/** What a GB is in catalogues and budgets. Whole bytes, so that sums are exact. */
export const GB = 1e9;

/** Reads `t_seconds,user,model,exec_seconds`. Times may be equal, and never go back. */
export function readTrace(text: string, name: string): Request[] {
  let last = 0;
  return rows(text, name, ['t_seconds', 'user', 'model', 'exec_seconds']).map(({ cells: [t, user, model, exec], line }) => {
    const seconds = figure(t!, 't_seconds', name, line);
    figure(exec!, 'exec_seconds', name, line);
    if (user === '' || model === '') throw new BadFile(`${name}, line ${line}: ${user === '' ? 'user' : 'model'} is empty.`);
    if (seconds < last) throw new BadFile(`${name}, line ${line}: ${seconds} s comes after ${last} s; requests have to be in the order of their time.`);
    last = seconds;
    return { at: seconds * 1000, user: user!, model: model! };
  });
}

/** Reads `model,size_gb,reload_seconds`. */
export function readCatalog(text: string, name: string): Catalog {
  const catalog = new Map<string, Cost>();
  for (const { cells, line } of rows(text, name, ['model', 'size_gb', 'reload_seconds'])) {
    const [model, size, reload] = cells as [string, string, string];
    if (model === '') throw new BadFile(`${name}, line ${line}: model is empty.`);
    if (catalog.has(model)) throw new BadFile(`${name}, line ${line}: ${model} is listed twice.`);
    const bytes = Math.round(figure(size, 'size_gb', name, line) * GB);
    if (bytes <= 0) throw new BadFile(`${name}, line ${line}: size_gb has to be more than 0.`);
    catalog.set(model, { bytes, reloadMs: figure(reload, 'reload_seconds', name, line) * 1000 });
  }
  return catalog;
}

function rows(text: string, name: string, columns: readonly string[]): { cells: string[]; line: number }[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== columns.join(',')) throw new BadFile(`${name}, line 1: the columns have to be ${columns.join(',')}.`);
  if (lines.length === 1) throw new BadFile(`${name}, line 1: nothing follows the columns.`);
  return lines.slice(1).map((row, i) => {
    const cells = row.split(',').map((cell) => cell.trim());
    if (cells.length !== columns.length) throw new BadFile(`${name}, line ${i + 2}: ${cells.length} columns instead of ${columns.length}.`);
    return { cells, line: i + 2 };
  });
}

function figure(cell: string, column: string, name: string, line: number): number {
  const value = cell === '' ? NaN : Number(cell);
  if (!Number.isFinite(value) || value < 0) throw new BadFile(`${name}, line ${line}: ${column} has to be a number of at least 0, not “${cell}”.`);
  return value;
}
