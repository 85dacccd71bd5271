import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { BadUsage, readArguments, usage, type SimulateOptions } from './arguments.ts';
import { drawCatalog } from './draw.ts';
import { asTrace, generate } from './generate.ts';
import { formatCells } from './report.ts';
import { chosenDays, groups, runCell, type Cell, type LoggedEntry, type Named } from './run.ts';
import { BadFile, GB, readCatalog, readTrace, type Request } from './trace.ts';

/** Exit codes: 0 replayed; 1 a file cannot be used; 2 wrong usage. */
function main(): void {
  const options = readArguments(process.argv.slice(2));
  if (options === null) {
    console.log(usage);
    return;
  }
  const trace = 'made' in options.trace ? generate(options.trace.made) : readTrace(read(options.trace.file), path.basename(options.trace.file));
  if (options.save !== null) write(options.save, (file) => writeFileSync(file, asTrace(trace)));
  const requests = chosenDays(trace, options);
  const told = new Set<string>();
  const skipped = (text: string): void => {
    if (!told.has(text)) console.error(text);
    told.add(text);
  };
  const chosen = groups(requests, options);
  if (requests.length === 0 || chosen.size === 0) throw new BadUsage('No request is left to replay: the days or users chosen have none.');
  const log = options.log === null ? null : write(options.log, (file) => openSync(file, 'w'));
  const cells: Cell[] = [];
  for (const catalog of catalogs(options, trace)) {
    const lines: string[] = [];
    const deps = log === null ? { skipped } : { skipped, log: (entry: LoggedEntry) => void lines.push(JSON.stringify(entry)) };
    for (const [user, own] of chosen) cells.push(runCell(catalog, user, own, options, deps));
    if (log !== null && lines.length > 0) writeSync(log, `${lines.join('\n')}\n`);
  }
  if (log !== null) closeSync(log);
  console.log(options.json ? JSON.stringify(cells, null, 2) : formatCells(cells));
}

function catalogs({ catalog, budgetGb }: SimulateOptions, trace: readonly Request[]): Named[] {
  if ('file' in catalog) return [{ name: path.basename(catalog.file), budgetGb: budgetGb!, catalog: readCatalog(read(catalog.file), path.basename(catalog.file)) }];
  if ('seed' in catalog) {
    const models = [...new Set(trace.map(({ model }) => model))];
    return [{ name: `${catalog.costs}, seed ${catalog.seed}`, budgetGb: budgetGb!, catalog: drawCatalog(models, catalog.seed, catalog.costs, budgetGb! * GB) }];
  }
  const files = list(catalog.folder).filter((file) => file.endsWith('.csv')).sort();
  const found = files.map((file) => {
    const named = /^(\d+(?:\.\d+)?)gb-/.exec(file)?.[1];
    if (named === undefined) throw new BadFile(`${file}: the name has to begin with the budget (48gb-…).`);
    return { name: file, budgetGb: Number(named), catalog: readCatalog(read(path.join(catalog.folder, file)), file) };
  });
  const wanted = budgetGb === null ? found : found.filter((c) => c.budgetGb === budgetGb);
  if (wanted.length === 0) throw new BadFile(`${catalog.folder} has no catalogue${budgetGb === null ? '' : ` for ${budgetGb} GB`}.`);
  return wanted;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new BadFile(`${file} cannot be read.`);
  }
}

function write<T>(file: string, how: (file: string) => T): T {
  try {
    return how(file);
  } catch {
    throw new BadFile(`${file} cannot be written.`);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw new BadFile(`${folder} cannot be read.`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof BadFile) && !(error instanceof BadUsage)) throw error;
  console.error(error instanceof BadUsage ? `${error.message}\n\n${usage}` : error.message);
  process.exitCode = error instanceof BadUsage ? 2 : 1;
}
