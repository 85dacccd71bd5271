import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import electronLog from 'electron-log/node';
import { redact } from './redact.ts';

const MAX_BYTES = 1024 * 1024;
/** airdock.log, airdock.1.log, airdock.2.log */
const FILES = 3;
const LINE_LIMIT = 20_000;

export interface Log {
  readonly folder: string;
  readonly file: string;
  info(text: string): void;
  warn(text: string): void;
  /** A fault with its stack and its causes. Never throws. */
  fault(fault: unknown): void;
  /** The same words as they stand in the log: without a secret. */
  words(fault: unknown): string;
}

export interface LogOptions {
  folder: string;
  /** Values that must not appear, read at each line: they may be made after the log. */
  secrets?: () => readonly string[];
  maxBytes?: number;
  /** Also where a terminal is. */
  console?: boolean;
}

/** Writes at once: the last line before a crash is the one that is wanted. */
export function createLog({ folder, secrets = () => [], maxBytes = MAX_BYTES, console: toConsole = false }: LogOptions): Log {
  const file = path.join(folder, 'airdock.log');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Then there is no file; the terminal still hears.
  }
  const logger = electronLog.create({ logId: `airdock ${file}` });
  const { file: toFile, console: terminal, ipc, remote } = logger.transports;
  for (const other of [ipc, remote]) if (other) other.level = false;
  terminal.level = toConsole ? 'info' : false;
  // It looks for a name of the app before it asks for the path.
  toFile.setAppName('Airdock');
  toFile.resolvePathFn = () => file;
  toFile.maxSize = maxBytes;
  // Its own templates would take a % in a message for theirs.
  toFile.transforms = [({ message }) => `${message.date.toISOString()} ${message.level} ${String(message.data[0])}`];
  // Names of models and programs are nobody else's business.
  toFile.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  toFile.archiveLogFn = () => rotate(file);

  const words = (fault: unknown): string => {
    try {
      return redact(typeof fault === 'string' ? fault : inspect(fault, { depth: 4, breakLength: 160, maxStringLength: 4_000, maxArrayLength: 50 }), secrets()).slice(0, LINE_LIMIT);
    } catch {
      return 'A fault that cannot be put into words.';
    }
  };
  const write = (level: 'info' | 'warn' | 'error', fault: unknown): void => {
    try {
      logger[level](words(fault));
    } catch {
      // A full disk, say. Nothing depends on the log.
    }
  };

  return { folder, file, words, info: (text) => write('info', text), warn: (text) => write('warn', text), fault: (fault) => write('error', fault) };
}

function rotate(file: string): void {
  const older = (age: number): string => (age === 0 ? file : file.replace(/\.log$/, `.${age}.log`));
  try {
    rmSync(older(FILES - 1), { force: true });
    for (let age = FILES - 2; age >= 0; age -= 1) {
      try {
        renameSync(older(age), older(age + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    chmodSync(older(1), 0o600);
  } catch {
    // Open elsewhere on Windows: it grows until the next try.
  }
}
