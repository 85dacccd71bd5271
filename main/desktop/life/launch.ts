import path from 'node:path';
import { hiddenSwitch } from '../autostart/autostart.ts';

/** What a start was asked for. */
export interface Launch {
  /** No window: at login, or by a person's own script. */
  hidden: boolean;
  dataDir: string | undefined;
  port: number | undefined;
}

/** Reads what concerns Airdock and leaves the rest: Chromium has switches of its own, and a second launch passes them on in an order of its own. */
export function readLaunch(argv: readonly string[], workingDirectory: string): Launch {
  const dataDir = valueOf(argv, '--data-dir');
  const port = Number(valueOf(argv, '--port') ?? NaN);
  return {
    hidden: argv.includes(hiddenSwitch),
    dataDir: dataDir === undefined ? undefined : path.resolve(workingDirectory, dataDir),
    port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined,
  };
}

function valueOf(argv: readonly string[], name: string): string | undefined {
  for (const [index, arg] of argv.entries()) {
    if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1) || undefined;
    if (arg === name && argv[index + 1]?.startsWith('--') === false) return argv[index + 1];
  }
  return undefined;
}
