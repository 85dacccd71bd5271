import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MAX_REPORTS = 10;
const ours = /^crash-.*\.txt$/;

export interface CrashReport {
  folder: string;
  /** What happened, without secrets. */
  words: string;
  /** What it happened in ("main process", "page"). */
  where: string;
  version: string;
  at?: number;
}

/** Writes a report that a person could send, and returns its path; null where it cannot be written. Synchronous: there may be no later. */
export function writeCrashReport({ folder, words, where, version, at = Date.now() }: CrashReport): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { electron, chrome } = process.versions;
    const lines = [
      `Airdock ${version}, ${where}`,
      new Date(at).toISOString(),
      `${os.platform()} ${os.release()} ${os.arch()}, Node ${process.versions.node}${electron ? `, Electron ${electron}, Chromium ${chrome}` : ''}`,
      `running for ${Math.round(process.uptime())} s, ${Math.round(process.memoryUsage.rss() / 1024 ** 2)} MB`,
      '',
      words,
      '',
    ];
    const file = freeName(folder, new Date(at).toISOString().replace(/[:.]/g, '-'));
    writeFileSync(file, lines.join(os.EOL), { mode: 0o600, flag: 'wx' });
    removeOld(folder);
    return file;
  } catch {
    return null;
  }
}

/** Two faults can come within one millisecond. */
function freeName(folder: string, time: string): string {
  const taken = new Set(readdirSync(folder));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `crash-${time}.txt` : `crash-${time}-${number}.txt`;
    if (!taken.has(name)) return path.join(folder, name);
  }
}

function removeOld(folder: string): void {
  // Their names sort by time.
  const reports = readdirSync(folder).filter((name) => ours.test(name)).sort();
  for (const name of reports.slice(0, -MAX_REPORTS)) rmSync(path.join(folder, name), { force: true });
}
