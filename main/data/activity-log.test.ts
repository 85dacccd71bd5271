import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Activity, Problem } from '../../contract/index.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { createActivityLog } from './activity-log.ts';

let clock = 1000;
const now = (): number => clock;

function entry(model: string, text = `${model} loaded`, forModel: string | null = null): Omit<Activity, 'id'> {
  return { at: clock, kind: 'loaded', reason: 'asked', model, name: model, provider: 'ollama', forModel, by: 'test', code: null, text, ram: 1, tookMs: 2 };
}
const texts = (entries: Activity[]): string[] => entries.map((one) => one.text);

describe('createActivityLog', () => {
  it('answers newest first, by page and by model, and again after a restart with rising ids', async () => {
    const dir = await tempDir();
    const log = createActivityLog({ dir, now });
    const first = log.append(entry('a'));
    log.append(entry('b', 'b for c', 'c'));
    const last = log.append(entry('a', 'a again'));
    expect(last.id).toBeGreaterThan(first.id);
    expect(texts(log.query())).toEqual(['a again', 'b for c', 'a loaded']);
    await log.close();

    clock = 5; // the clock was set back meanwhile
    const reopened = createActivityLog({ dir, now });
    expect(texts(reopened.query({ limit: 2 }))).toEqual(['a again', 'b for c']);
    expect(texts(reopened.query({ before: last.id, limit: 2 }))).toEqual(['b for c', 'a loaded']);
    expect(texts(reopened.query({ model: 'c' }))).toEqual(['b for c']);
    expect(texts(reopened.forModel('a', 1))).toEqual(['a again']);
    expect(reopened.append(entry('d')).id).toBeGreaterThan(last.id);
    await reopened.close();
    clock = 1000;
  });

  it('gives no id twice, also where a crash lost entries that others have seen', async () => {
    const dir = await tempDir();
    const seen = createActivityLog({ dir, now, batchMs: 60_000 }).append(entry('a'));
    clock += 1;
    const log = createActivityLog({ dir, now });
    expect(log.append(entry('b')).id).toBeGreaterThan(seen.id);
    await log.close();
  });

  it('passes over damaged lines and never glues a new entry to a cut-off one', async () => {
    const dir = await tempDir();
    const file = path.join(dir, 'activity.jsonl');
    const log = createActivityLog({ dir, now });
    log.append(entry('a'));
    await log.close();
    appendFileSync(file, 'garbage\n{"id":7}\n{"id":99999,"at":1,"kind":"loa');
    const next = createActivityLog({ dir, now });
    next.append(entry('b'));
    await next.close();
    expect(texts(createActivityLog({ dir, now }).query())).toEqual(['b loaded', 'a loaded']);
  });

  it('keeps two files of bounded size and the last entries of every model', async () => {
    const dir = await tempDir();
    const log = createActivityLog({ dir, now, keep: 10 });
    log.append(entry('rare', 'rare unloaded for x'));
    for (let index = 0; index < 200; index += 1) {
      log.append(entry('busy', `busy ${index}`));
      if (index % 3 === 0) await log.flush();
    }
    await log.close();
    expect(log.query({ limit: 1000 }).length).toBeLessThanOrEqual(40);
    const lines = (name: string): number => readFileSync(path.join(dir, name), 'utf8').split('\n').length;
    expect(lines('activity.jsonl')).toBeLessThan(20);
    expect(lines('activity.1.jsonl')).toBeLessThan(40);
    const reopened = createActivityLog({ dir, now, keep: 10 });
    expect(texts(reopened.forModel('rare'))).toEqual(['rare unloaded for x']);
    expect(texts(log.forModel('rare'))).toEqual(['rare unloaded for x']);
    expect(texts(reopened.query({ limit: 5 }))).toEqual(['busy 199', 'busy 198', 'busy 197', 'busy 196', 'busy 195']);
    expect(statSync(path.join(dir, 'activity.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('lives on in memory while nothing can be written, says so once, and writes everything later', async () => {
    const dir = path.join(await tempDir(), 'gone');
    const problems: Problem[] = [];
    const log = createActivityLog({ dir, now, onProblem: (told) => problems.push(told) });
    log.append(entry('a'));
    await log.flush();
    log.append(entry('b'));
    await log.flush();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'bad-folder', message: expect.stringContaining('does not exist') });
    expect(log.query()).toHaveLength(2);
    mkdirSync(dir);
    await log.close();
    expect(createActivityLog({ dir, now }).query()).toHaveLength(2);
  });

  it('starts with what it can read', async () => {
    const dir = await tempDir();
    mkdirSync(path.join(dir, 'activity.jsonl'));
    const log = createActivityLog({ dir, now });
    log.append(entry('a'));
    await log.flush();
    expect(log.query()).toHaveLength(1);
    rmSync(path.join(dir, 'activity.jsonl'), { recursive: true });
    await log.close();
    writeFileSync(path.join(dir, 'activity.1.jsonl'), '\u0000\u0000');
    expect(createActivityLog({ dir, now }).query()).toHaveLength(1);
  });
});
