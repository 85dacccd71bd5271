import { parseArgs } from 'node:util';
import { problem, type Problem } from '../contract/index.ts';
import type { Airdock, StartOutcome } from './airdock.ts';
import { startAirdock } from './app.ts';
import { signInLinkOf } from './hand-over.ts';
import { openInBrowser } from './open-in-browser.ts';

const usage = `airdock, without a tray

  --headless         never try the tray app
  --port N           listen there (0: any free port; default: gateway.port of the config, 11500)
  --data-dir DIR     keep settings, samples and history there
  --no-open          do not open a browser
  --help             this text
`;

/** How long an Airdock may hold the data directory without answering: it is starting or ending. */
const CHANGING_MS = 5_000;

/** Exit codes: 0 ended as asked, 1 could not start, 2 wrong usage. */
async function main(): Promise<void> {
  const args = readArguments();
  if (args === null) return;
  const started = await startOrHandOver(args);
  if (started === null) return;
  if (!started.ok) return stopWith(started.problem);
  const { airdock } = started;
  const link = airdock.signInLink();
  console.log(`Airdock is running. Its dashboard (this address signs in once, within ten minutes):\n\n  ${link}\n`);
  console.log(`Settings and history: ${airdock.dataDir}\nCtrl+C ends it.`);
  if (args.open) openInBrowser(link);
  endOnSignals(airdock);
}

interface Arguments {
  port: number | undefined;
  dataDir: string | undefined;
  open: boolean;
}

/** null: another Airdock has this data directory, and its dashboard was opened. One that is just starting, or ending, is waited for. */
async function startOrHandOver(args: Arguments): Promise<StartOutcome | null> {
  const deadline = Date.now() + CHANGING_MS;
  for (;;) {
    const started = await startAirdock({ dataDir: args.dataDir, port: args.port, by: 'Airdock', onFault: (fault) => console.error('Airdock fault:', fault) });
    if (started.ok || started.heldBy === null) return started;
    if (started.heldBy.url && (await handOver(started.heldBy.url, started.dataDir, args.open))) return null;
    if (Date.now() > deadline) return started;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function readArguments(): Arguments | null {
  try {
    const { values } = parseArgs({
      options: {
        headless: { type: 'boolean' },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(usage);
      return null;
    }
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65535)) throw new Error(`--port takes a number from 0 to 65535, not ${values.port}.`);
    return { port, dataDir: values['data-dir'], open: !values['no-open'] };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}

/** Another Airdock runs on this data directory: open its dashboard instead of fighting over the models. */
async function handOver(url: string, dataDir: string, open: boolean): Promise<boolean> {
  const link = await signInLinkOf(url, dataDir, 'command line');
  if (link === null) return false;
  console.log(`Airdock is running already. Its dashboard (this address signs in once, within ten minutes):\n\n  ${link}\n`);
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

function stopWith(why: Problem): void {
  console.error(`Airdock could not start: ${why.message}${why.hint ? `\n${why.hint}` : ''}`);
  process.exitCode = 1;
}

main().catch((fault: unknown) => stopWith(problem('internal', fault instanceof Error ? fault.message : String(fault))));
