import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal, type Terminal } from './terminal.ts';

interface Wires {
  terminal: Terminal;
  stdin: PassThrough;
  written(stream: 'stdout' | 'stderr'): string;
}

function wires({ tty = true, env = {}, platform = 'linux' }: { tty?: boolean; env?: NodeJS.ProcessEnv; platform?: NodeJS.Platform } = {}): Wires {
  const make = () => Object.assign(new PassThrough(), { isTTY: tty, columns: 100, rows: 30 });
  const [stdin, stdout, stderr] = [make(), make(), make()];
  const process = { stdin, stdout, stderr, env, platform } as unknown as Parameters<typeof createTerminal>[0];
  return { terminal: createTerminal(process), stdin, written: (name) => String((name === 'stdout' ? stdout : stderr).read() ?? '') };
}

describe('the terminal', () => {
  it('keeps the answer apart from what is said about it', () => {
    const { terminal, written } = wires();
    terminal.print('answer');
    terminal.note('reason');
    expect(written('stdout')).toBe('answer\n');
    expect(written('stderr')).toBe('reason\n');
  });

  it('takes no commands to the terminal out of a text, and changes nothing for a file', () => {
    const text = 'a\u001b]0;title\u0007\n\tb\u009b31m\r';
    const person = wires();
    person.terminal.print(text);
    person.terminal.note(text);
    const told = 'a\ufffd]0;title\ufffd\n\tb\ufffd31m\ufffd\n';
    expect([person.written('stdout'), person.written('stderr')]).toEqual([told, told]);
    const file = wires({ tty: false });
    file.terminal.print(text);
    expect(file.written('stdout')).toBe(`${text}\n`);
  });

  it('draws, asks and colours only where somebody sees it', () => {
    expect(wires().terminal).toMatchObject({ drawable: true, showsProgress: true, asks: true, hasPipedInput: false, colour: true });
    expect(wires({ tty: false }).terminal).toMatchObject({ drawable: false, showsProgress: false, asks: false, hasPipedInput: true, colour: false });
    expect(wires({ env: { TERM: 'dumb' } }).terminal).toMatchObject({ drawable: false, showsProgress: false, asks: true, colour: false });
    expect(wires({ env: { NO_COLOR: '1' } }).terminal).toMatchObject({ drawable: true, colour: false });
    expect(wires({ env: { NO_COLOR: '' } }).terminal.colour).toBe(true);
    expect(wires().terminal.size()).toEqual({ columns: 100, rows: 30 });
  });

  it('has block characters where the locale has them', () => {
    const blocks = (env: NodeJS.ProcessEnv, platform?: NodeJS.Platform): boolean => wires({ env, ...(platform ? { platform } : {}) }).terminal.blocks;
    expect(blocks({ LANG: 'de_DE.UTF-8' })).toBe(true);
    expect(blocks({ LANG: 'C.utf8' })).toBe(true);
    expect(blocks({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' })).toBe(false);
    expect(blocks({})).toBe(false);
    expect(blocks({}, 'darwin')).toBe(true);
    expect(blocks({}, 'win32')).toBe(true);
  });

  it.for([['y\n', true], ['Yes\n', true], ['n\n', false], ['\n', false], ['yesterday\n', false]] as const)('takes %j as %s', async ([typed, answer]) => {
    const { terminal, stdin, written } = wires();
    const asked = terminal.ask('Unload it?');
    stdin.write(typed);
    expect(await asked).toBe(answer);
    expect(written('stderr')).toContain('Unload it? [y/N] ');
    expect(written('stdout')).toBe('');
  });

  it('takes Ctrl+C and the end of input for a no', async () => {
    const interrupted = wires();
    const first = interrupted.terminal.ask('Unload it?');
    interrupted.stdin.write('\x03');
    expect(await first).toBe(false);
    const ended = wires();
    const second = ended.terminal.ask('Unload it?');
    ended.stdin.end();
    expect(await second).toBe(false);
  });

  it('reads all of its input', async () => {
    const { terminal, stdin } = wires({ tty: false });
    stdin.write('a\n');
    stdin.end('bä');
    expect(await terminal.readInput()).toBe('a\nbä');
  });
});
