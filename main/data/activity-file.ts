import { readFileSync } from 'node:fs';
import { activitySchema, type Activity } from '../../contract/index.ts';
import { errorCode } from './file-errors.ts';

/** What a file of one JSON entry per line holds. `endsWhole` is false where a crash or a full disk cut its last line off. */
export interface ActivityFile {
  entries: Activity[];
  lines: number;
  endsWhole: boolean;
}

/** Reads what can be read; damaged lines are passed over, a missing file is an empty one. */
export function readActivityFile(file: string): ActivityFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // Unreadable for another reason: begin a line of our own in case it can be appended to.
    return { entries: [], lines: 0, endsWhole: errorCode(error) === 'ENOENT' };
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return { entries: lines.flatMap(parseLine), lines: lines.length, endsWhole: text === '' || text.endsWith('\n') };
}

function parseLine(line: string): Activity[] {
  try {
    const parsed = activitySchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
