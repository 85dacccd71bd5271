import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commands } from './commands.ts';
import { exits } from './exits.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| '));

it('docs/cli.md has every command with its own options, and no other', () => {
  const told = rows.flatMap((row) => {
    const [, cell = '', meaning = ''] = row.split('|');
    const names = [...cell.matchAll(/`airdock ([^`]+)`/g)].map(([, words = '']) => commands.find(({ name }) => words === name || words.startsWith(`${name} `))?.name ?? `unknown: ${words}`);
    return names.map((name) => ({ name, options: [...`${cell}${meaning}`.matchAll(/--([a-z-]+)/g)].map(([, option = '']) => option) }));
  });
  expect([...new Set(told.map(({ name }) => name))].sort()).toEqual(commands.map(({ name }) => name).sort());
  for (const { name, options } of commands) {
    const named = told.filter((one) => one.name === name).flatMap((one) => one.options);
    expect(named, name).toEqual(expect.arrayContaining(Object.keys(options).filter((option) => option !== 'json')));
  }
});

it('docs/cli.md has every exit code', () => {
  const told = rows.flatMap((row) => (/^\| (\d+) \|/.exec(row)?.[1] ? [Number(/^\| (\d+) \|/.exec(row)?.[1])] : []));
  expect(told).toEqual(Object.values(exits));
});
