import { createInterface } from 'node:readline/promises';

/** Standard input, output and errors, and what of them is a person's terminal. */
export interface Terminal {
  /** A line, or several, of the answer. */
  print(text: string): void;
  /** A line for people: reasons, questions, what is under way. */
  note(text: string): void;
  /** The answer goes to a terminal that can be drawn on. */
  readonly drawable: boolean;
  /** Errors go to a terminal that can be drawn on. */
  readonly showsProgress: boolean;
  /** Somebody is there to answer a question. */
  readonly asks: boolean;
  /** Input comes from a file or a program. */
  readonly hasPipedInput: boolean;
  readonly colour: boolean;
  /** Whether block characters can be shown. */
  readonly blocks: boolean;
  size(): { columns: number; rows: number };
  /** Raw text to the terminal: control sequences. */
  draw(text: string): void;
  drawProgress(text: string): void;
  onResize(listener: () => void): () => void;
  /** y/N; Enter, Ctrl+C and the end of input are a no. */
  ask(question: string): Promise<boolean>;
  readInput(): Promise<string>;
}

export function createTerminal({ stdin, stdout, stderr, env, platform }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'platform'>): Terminal {
  const able = env['TERM'] !== 'dumb';
  const drawable = stdout.isTTY === true && able;
  return {
    print: (text) => void stdout.write(`${shown(text, stdout)}\n`),
    note: (text) => void stderr.write(`${shown(text, stderr)}\n`),
    drawable,
    showsProgress: stderr.isTTY === true && able,
    asks: stdin.isTTY === true && stderr.isTTY === true,
    hasPipedInput: stdin.isTTY !== true,
    // no-color.org: set and not empty means no colour.
    colour: drawable && !env['NO_COLOR'],
    blocks: platform === 'win32' || /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || (platform === 'darwin' ? 'UTF-8' : '')),
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    draw: (text) => void stdout.write(text),
    drawProgress: (text) => void stderr.write(text),
    onResize(listener) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    ask: (question) => ask(question, stdin, stderr),
    async readInput() {
      let text = '';
      stdin.setEncoding('utf8');
      for await (const chunk of stdin) text += String(chunk);
      return text;
    },
  };
}

/** Names and headers of files can hold what a terminal takes for commands; a file or a program gets the text as it is. */
const shown = (text: string, { isTTY }: { isTTY?: boolean }): string => (isTTY ? text.replace(/(?![\n\t])\p{Cc}/gu, '\ufffd') : text);

async function ask(question: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<boolean> {
  const lines = createInterface({ input, output });
  const left = new AbortController();
  lines.on('SIGINT', () => left.abort());
  lines.on('close', () => left.abort());
  try {
    return /^y(es)?$/i.test((await lines.question(`${shown(question, output)} [y/N] `, { signal: left.signal })).trim());
  } catch {
    output.write('\n');
    return false;
  } finally {
    lines.close();
  }
}
