import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { configSchema, problem, type Config, type Outcome, type Problem } from '../../contract/index.ts';
import { describeFileError, errorCode } from '../data/file-errors.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { removeFromText, setGroupInText, setInText } from './edit-text.ts';
import { atStart, inForce, parseConfig, withoutBom, type ParsedConfig } from './parse-config.ts';
import { createSettingsTree, isObject } from './settings-tree.ts';
import { watchFile } from './watch-file.ts';

/** The settings in force, and what is to be said about the file. The output of the operation `configGet`. */
export interface ConfigView {
  config: Config;
  path: string;
  problem: Problem | null;
  warnings: string[];
}

export interface ConfigStore {
  readonly path: string;
  current(): ConfigView;
  /**
   * Sets keys by dotted path; null removes a key (to write a null, set the object around it). All or nothing: the result is
   * validated first, and nothing is written while the file on disk is broken. Fails with `bad-config`, `disk-full` or `bad-folder`.
   */
  set(changes: Readonly<Record<string, unknown>>): Promise<Outcome<{ config: Config }>>;
  /** Reads the file now instead of when a change is noticed. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface ConfigStoreOptions {
  file: string;
  /** Called after each change of what `current` returns. */
  onChange?: (view: ConfigView) => void;
  debounceMs?: number;
  pollMs?: number;
  /** A file that has just become empty, broken or absent gets this long to be saved completely. */
  settleMs?: number;
}

/**
 * The config file: read at once (a missing file means the defaults, and the first edit makes it), followed while it changes,
 * and edited key by key. A broken file is never written to; the last good settings stay in force, after a
 * start with a broken file those of its values that are right (none, where it cannot be read at all).
 */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
  const { file, onChange, debounceMs = 50, pollMs = 5000, settleMs = 300 } = options;
  const tree = createSettingsTree();
  const parse = (read: string | null): ParsedConfig => parseConfig(read ?? '', file, tree);

  let text = readAtStart(file);
  let view = firstView(text);
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;
  let stamp = '';

  function firstView(read: string | null | Error): ConfigView {
    if (read instanceof Error) return { config: configSchema.parse({}), path: file, problem: { ...unreadable(file, read), hint: atStart.syntax }, warnings: [] };
    const parsed = parse(read);
    if (parsed.kind === 'good') return { config: parsed.config, path: file, problem: null, warnings: parsed.warnings };
    return { config: parsed.kind === 'values' ? parsed.rest : configSchema.parse({}), path: file, problem: { ...parsed.problem, hint: atStart[parsed.kind] }, warnings: [] };
  }

  function adopt(read: string | null | Error): void {
    text = read;
    const parsed = read instanceof Error ? null : parse(read);
    const next: ConfigView =
      parsed?.kind === 'good'
        ? { config: parsed.config, path: file, problem: null, warnings: parsed.warnings }
        : { ...view, problem: read instanceof Error ? unreadable(file, read) : (parsed?.problem ?? null) };
    if (JSON.stringify(next) === JSON.stringify(view)) return;
    view = next;
    onChange?.(view);
  }

  /** One thing at a time: a reload must not come between the reading and the writing of an edit. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function reload(): Promise<void> {
    const read = await readText(file);
    if (isSame(read, text)) return;
    if (looksUnfinished(read)) {
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      const again = await readText(file);
      if (!closed) adopt(again);
      return;
    }
    if (!closed) adopt(read);
  }

  const looksUnfinished = (read: string | null | Error): boolean => typeof read !== 'string' || read.trim() === '' || parse(read).kind === 'syntax';

  async function onPoll(): Promise<void> {
    const now = await stampOf(file);
    if (closed || now === stamp) return;
    stamp = now;
    await inTurn(reload);
  }

  async function set(changes: Readonly<Record<string, unknown>>): Promise<Outcome<{ config: Config }>> {
    // Read again: what a person has saved since then must not be lost.
    const read = await readText(file);
    if (read instanceof Error) return { ok: false, problem: unreadable(file, read) };
    const before = parse(read);
    if (before.kind !== 'good') {
      adopt(read);
      return { ok: false, problem: problem('bad-config', before.problem.message, 'Nothing was changed. Correct the file first; it is never overwritten while it is broken.') };
    }
    let edited = withoutBom(read ?? '');
    const bom = read?.startsWith('\uFEFF') ? '\uFEFF' : '';
    for (const [dotted, value] of Object.entries(changes)) {
      const remove = value === null || value === undefined;
      const path = tree.resolve(dotted) ?? (remove ? dotted.split('.') : null);
      if (path === null) return { ok: false, problem: noSuchSetting(dotted) };
      if (remove) edited = removeFromText(edited, path);
      else edited = isObject(value) ? setGroupInText(edited, path, value, (known) => tree.allowed(known) !== 'nothing') : setInText(edited, path, value);
    }
    const after = parseConfig(edited, null, tree);
    if (after.kind !== 'good') return { ok: false, problem: problem('bad-config', after.problem.message, 'Nothing was changed.') };
    if (bom + edited !== (read ?? '')) {
      try {
        await writeFileAtomic(file, bom + edited);
      } catch (error) {
        const { code, words } = describeFileError(error);
        return { ok: false, problem: problem(code, `The settings cannot be written to ${file}: ${words}.`, 'Nothing was changed.') };
      }
    }
    adopt(read === null && edited === '' ? null : bom + edited);
    return { ok: true, value: { config: after.config } };
  }

  function noSuchSetting(dotted: string): Problem {
    const meant = tree.suggest(dotted);
    return problem('bad-config', `There is no setting ${dotted}.`, meant === null ? undefined : `Did you mean ${meant}?`);
  }

  const watching = watchFile(file, { debounceMs, pollMs, onEvent: () => void inTurn(reload), onPoll: () => void onPoll() });
  return {
    path: file,
    current: () => view,
    set: (changes) => inTurn(() => set(changes)),
    reload: () => inTurn(reload),
    async close() {
      closed = true;
      watching.close();
      await queue;
    },
  };
}

function isSame(a: string | null | Error, b: string | null | Error): boolean {
  return a instanceof Error && b instanceof Error ? a.message === b.message : a === b;
}

function unreadable(file: string, error: Error): Problem {
  return problem('bad-config', `${file} cannot be read: ${describeFileError(error).words}.`, inForce);
}

async function readText(file: string): Promise<string | null | Error> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    return missingOrError(error);
  }
}

function readAtStart(file: string): string | null | Error {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return missingOrError(error);
  }
}

function missingOrError(error: unknown): null | Error {
  if (errorCode(error) === 'ENOENT') return null;
  return error instanceof Error ? error : new Error(String(error));
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch (error) {
    return errorCode(error);
  }
}
