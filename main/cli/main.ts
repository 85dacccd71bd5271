import os from 'node:os';
import { toProblem, type Snapshot } from '../../contract/index.ts';
import { connectManager, type ConnectedManager } from '../client/connect-manager.ts';
import type { Connection } from '../client/http-call.ts';
import { dataDirectory } from '../data/data-directory.ts';
import { version } from '../version.ts';
import { commands } from './commands.ts';
import { complete } from './complete.ts';
import { UsageError, type Context } from './context.ts';
import { exits, type Exit } from './exits.ts';
import { commandHelp, overview, usage } from './help.ts';
import { parseCommandLine, type Parsed } from './parse.ts';
import { refuse } from './report.ts';
import { findRunning } from './running.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** A person who presses Tab does not wait longer. */
const COMPLETION_MS = 1_000;

/** Runs one command line, and says with which exit code the process is to end. Never rejects. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Exit> {
  const terminal = createTerminal(process);
  endQuietly();
  // Without options of its own: what follows are words that somebody is still typing.
  if (argv[0] === '__complete') return printCandidates(argv.slice(argv[1] === '--' ? 2 : 1), terminal, env);
  const parsed = parseCommandLine(argv, commands);
  switch (parsed.kind) {
    case 'version':
      terminal.print(version);
      return exits.done;
    case 'help':
      terminal.print(parsed.command ? commandHelp(parsed.command) : overview(commands));
      return exits.done;
    case 'nothing':
      terminal.note(overview(commands));
      return exits.usage;
    case 'wrong':
      return wrong(terminal, parsed.message, parsed.command);
    case 'run':
      return runCommand(parsed, terminal, env);
  }
}

function wrong(terminal: Terminal, message: string, command: Context['command'] | null): Exit {
  terminal.note(`${message}\n\n${command ? `Usage: airdock ${usage(command)}\n"airdock help ${command.name}" tells more.` : '"airdock --help" lists the commands.'}`);
  return exits.usage;
}

async function runCommand({ command, args, switches, values }: Extract<Parsed, { kind: 'run' }>, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<Exit> {
  const dataDirOption = values.get('data-dir');
  const dataDir = folder(dataDirOption, env);
  let interrupt: AbortController | null = null;
  let connected: Promise<ConnectedManager> | null = null;
  let found: Promise<Connection> | null = null;
  const connection = (): Promise<Connection> => (found ??= findRunning(dataDir));
  const context: Context = {
    command,
    args,
    has: (option) => switches.has(option),
    value: (option) => values.get(option),
    json: switches.has('json'),
    terminal,
    dataDirOption,
    dataDir,
    env,
    signal() {
      if (interrupt === null) {
        const controller = (interrupt = new AbortController());
        const end = (): void => {
          // The second Ctrl+C does not wait.
          if (controller.signal.aborted) process.exit(exits.interrupted);
          controller.abort();
        };
        for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
      }
      return interrupt.signal;
    },
    connection,
    airdock: () => (connected ??= connection().then(connectManager)),
  };
  const interrupted = (): boolean => interrupt?.signal.aborted === true;
  try {
    const exit = await command.run(context);
    return exit === exits.refused && interrupted() ? exits.interrupted : exit;
  } catch (error) {
    if (error instanceof UsageError) return wrong(terminal, error.message, command);
    const exit = refuse(context, toProblem(error));
    return interrupted() ? exits.interrupted : exit;
  } finally {
    await (connected as Promise<ConnectedManager> | null)?.then((manager) => manager.close()).catch(() => undefined);
  }
}

function folder(override: string | undefined, env: NodeJS.ProcessEnv): string {
  return dataDirectory({ env, platform: process.platform, home: os.homedir(), override });
}

async function printCandidates(words: readonly string[], terminal: Terminal, env: NodeJS.ProcessEnv): Promise<Exit> {
  const at = words.findLastIndex((word) => word === '--data-dir');
  const inline = words.find((word) => word.startsWith('--data-dir='))?.slice('--data-dir='.length);
  const look = async (): Promise<Snapshot | null> => {
    try {
      const manager = connectManager(await findRunning(folder(at < 0 ? inline : words[at + 1], env), 0));
      return await manager.call('snapshot', {}, { signal: AbortSignal.timeout(COMPLETION_MS) });
    } catch {
      return null;
    }
  };
  const candidates = await complete(words, commands, look).catch(() => []);
  if (candidates.length > 0) terminal.print(candidates.map(({ value, about }) => (about === '' ? value : `${value}\t${about}`)).join('\n'));
  return exits.done;
}

/** Whoever reads the output may stop before its end ("airdock ls | head"). */
function endQuietly(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exits.done);
    throw error;
  });
}
