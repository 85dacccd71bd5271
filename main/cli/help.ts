import { textTable } from '../../contract/index.ts';
import type { Command } from './command.ts';
import { commonOptions } from './parse.ts';

const exitCodes = 'Exit codes: 0 done · 1 refused (the reason is on standard error) · 2 wrong usage · 3 no Airdock is running.';

/** What `airdock --help` prints. */
export function overview(commands: readonly Command[]): string {
  return [
    'airdock: keeps the right local AI models in memory',
    '',
    'airdock COMMAND [options]',
    '',
    ...textTable(commands.map((command) => [`  ${synopsis(command)}`, command.summary])),
    '',
    'With every command:',
    ...textTable(optionRows(commonOptions)),
    '',
    '"airdock help COMMAND" tells more, with examples. What commands print is data with --json.',
    exitCodes,
  ].join('\n');
}

/** What `airdock help load` prints. */
export function commandHelp(command: Command): string {
  return [
    `airdock ${usage(command)}`,
    '',
    command.summary[0]?.toUpperCase() + `${command.summary.slice(1)}.`,
    ...(command.about ?? []).flatMap((paragraph) => ['', paragraph]),
    '',
    'Options:',
    ...textTable(optionRows({ ...command.options, ...commonOptions })),
    '',
    'Examples:',
    ...textTable(command.examples.map(([line, meaning]) => [`  ${line}`, meaning])),
    '',
    exitCodes,
  ].join('\n');
}

/** The command with its arguments and options: "load NAME [--force] [--json]". */
export function usage({ name, args, options }: Command): string {
  const given = Object.entries(options).map(([option, { value }]) => `[--${option}${value ? ` ${value.name}` : ''}]`);
  return [name, ...args.map(argumentText), ...given].join(' ');
}

function synopsis({ name, args }: Command): string {
  return [name, ...args.map(argumentText)].join(' ');
}

function argumentText({ name, optional, rest }: Command['args'][number]): string {
  const text = `${name}${rest ? ' …' : ''}`;
  return optional ? `[${text}]` : text;
}

function optionRows(options: Command['options']): string[][] {
  return Object.entries(options).map(([name, { help, value }]) => [`  --${name}${value ? ` ${value.name}` : ''}`, help]);
}
