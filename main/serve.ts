import type { ParseArgsConfig } from 'node:util';
import { toProblem, type Problem } from '../contract/index.ts';
import type { Airdock, StartOutcome } from './airdock.ts';
import { startAirdock } from './app.ts';
import { signInLinkOf } from './hand-over.ts';
import { openInBrowser } from './open-in-browser.ts';

/** How long an Airdock may hold the data directory without answering: it is starting or ending. */
const CHANGING_MS = 5_000;

export interface ServeOptions {
  /** Default: `gateway.port` of the config. 0: any free port. */
  port: number | undefined;
  dataDir: string | undefined;
  /** Answers other devices too; default: `gateway.lan` of the config. */
  lan?: boolean | undefined;
  /** Open a browser where there is a screen. */
  open: boolean;
  /** Print an address that signs in. A service does not: what it prints is kept, and others may read it. */
  link: boolean;
}

/** What `npm start` and `airdock serve` both take. */
export const serveFlags = {
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  lan: { type: 'boolean' },
  'no-open': { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** The port as it was typed; throws a sentence where it is none. */
export function readPort(typed: string | undefined): number | undefined {
  const port = typed === undefined ? undefined : Number(typed);
  if (port !== undefined && (typed === '' || !Number.isInteger(port) || port < 0 || port > 65535)) throw new Error(`--port takes a number from 0 to 65535, not ${typed}.`);
  return port;
}

/**
 * Airdock without a tray, until a signal ends it. Resolves as soon as it runs, with the exit code so far: 0 it runs, or another Airdock has
 * this data directory and was handed over to; 1 it could not start, and said why.
 */
export async function serve(options: ServeOptions): Promise<0 | 1> {
  try {
    const started = await startOrHandOver(options);
    if (started === null) return 0;
    if (!started.ok) return stopWith(started.problem);
    const { airdock } = started;
    const link = airdock.signInLink();
    if (options.link) console.log(`Airdock is running. Its dashboard (this address signs in once, within ten minutes):\n\n  ${link}\n`);
    else console.log(`Airdock is running at ${airdock.url}. "airdock open" opens its dashboard.`);
    for (const line of reachLines(airdock)) console.log(line);
    const { configProblem } = airdock.picture.state();
    if (configProblem) console.error(`The settings file cannot be used as it is: ${configProblem.message} ${configProblem.hint ?? ''}`);
    console.log(`Settings and history: ${airdock.dataDir}\nCtrl+C ends it.`);
    if (options.open) openInBrowser(link);
    endOnSignals(airdock);
    return 0;
  } catch (fault) {
    return stopWith(toProblem(fault));
  }
}

/** Where others find it, if they are let in, and where what they have to show lies; never the key itself. */
function reachLines(airdock: Airdock): string[] {
  const addresses = airdock.addresses();
  if (addresses.length === 0) return [];
  const list = addresses.map((address) => `  ${address}`).join('\n');
  return [`From other devices and containers it is found here, by whoever shows the key in ${airdock.appsKeyFile}:\n\n${list}\n\nA browser there is signed in by a link from the settings.\n`];
}

/** null: another Airdock has this data directory, and its dashboard was opened. One that is just starting, or ending, is waited for. */
async function startOrHandOver(options: ServeOptions): Promise<StartOutcome | null> {
  const deadline = Date.now() + CHANGING_MS;
  for (;;) {
    const started = await startAirdock({ dataDir: options.dataDir, port: options.port, lan: options.lan, by: 'Airdock', onFault: (fault) => console.error('Airdock fault:', fault) });
    if (started.ok || started.heldBy === null) return started;
    if (started.heldBy.url && (await handOver(started.heldBy.url, started.dataDir, options))) return null;
    if (Date.now() > deadline) return started;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Another Airdock runs on this data directory: open its dashboard instead of fighting over the models. */
async function handOver(url: string, dataDir: string, { open, link: print }: ServeOptions): Promise<boolean> {
  const link = await signInLinkOf(url, dataDir, 'command line');
  if (link === null) return false;
  if (print) console.log(`Airdock is running already. Its dashboard (this address signs in once, within ten minutes):\n\n  ${link}\n`);
  else console.log(`Airdock is running already, at ${url}.`);
  if (open) openInBrowser(link);
  return true;
}

function endOnSignals(airdock: Airdock): void {
  let ending = false;
  const end = (): void => {
    // The second Ctrl+C does not wait.
    if (ending) process.exit(130);
    ending = true;
    console.log('Ending: models that Airdock runs itself are unloaded.');
    const limit = setTimeout(() => process.exit(1), 10_000);
    void airdock.close().then(() => {
      clearTimeout(limit);
      process.exit(0);
    });
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
}

function stopWith(why: Problem): 1 {
  console.error(`Airdock could not start: ${why.message}${why.hint ? `\n${why.hint}` : ''}`);
  return 1;
}
