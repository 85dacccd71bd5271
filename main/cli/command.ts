import type { Context } from './context.ts';
import type { Exit } from './exits.ts';

/** What an argument or an option's value is: the completion offers what there is of it. */
export type ValueKind = 'model' | 'loaded' | 'setting' | 'setting-value' | 'duration' | 'number' | 'folder' | 'file' | 'task' | 'command' | 'shell' | 'text';

export interface Argument {
  /** As the help shows it: NAME. */
  name: string;
  kind: ValueKind;
  optional?: true;
  /** Takes all that follow. */
  rest?: true;
}

export interface Option {
  help: string;
  /** Absent: a switch. */
  value?: { name: string; kind: ValueKind };
}

/** One command: what it is told, and what help and completion say of it. */
export interface Command {
  /** One word, or two: "config get". */
  name: string;
  summary: string;
  args: readonly Argument[];
  options: Readonly<Record<string, Option>>;
  /** More than the summary, a paragraph each. */
  about?: readonly string[];
  examples: readonly (readonly [line: string, meaning: string])[];
  /** What it needs is imported here, so that no command waits for the parts of another. */
  run(context: Context): Promise<Exit>;
}
