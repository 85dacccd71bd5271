import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createPowerShell, type PowerShell } from './powershell.ts';

/** Answers `say x; 'end'` the way PowerShell does; `hang` never answers, `die` ends it. */
const program = `
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [, words, end] = /^(.*); '(.*)'$/.exec(line);
  if (words === 'die') process.exit(3);
  if (words !== 'hang') process.stdout.write(words.replace('say ', '') + '\\r\\n' + end.slice(0, 5)), setTimeout(() => process.stdout.write(end.slice(5) + '\\r\\n'), 5);
});`;

describe('createPowerShell', () => {
  const children: ChildProcess[] = [];
  let shell: PowerShell;
  const open = (file = process.execPath) => {
    shell = createPowerShell(() => {
      const child = spawn(file, ['-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
      children.push(child);
      return child;
    });
    return shell;
  };
  afterEach(() => {
    shell.close();
    children.length = 0;
  });

  it('answers in order, from one process', async () => {
    open();
    const answers = await Promise.all(['a', 'b', 'c'].map((word) => shell.ask(`say ${word}`, 10_000)));
    expect(answers.map((answer) => answer?.trim())).toEqual(['a', 'b', 'c']);
    expect(children).toHaveLength(1);
  });

  it('starts another after one that hung, one that died and after close', async () => {
    open();
    expect(await shell.ask('hang', 300)).toBeNull();
    expect((await shell.ask('say a', 10_000))?.trim()).toBe('a');
    expect(await shell.ask('die', 10_000)).toBeNull();
    expect((await shell.ask('say b', 10_000))?.trim()).toBe('b');
    const last = children[2];
    shell.close();
    if (last?.signalCode === null) await once(last, 'exit');
    expect((await shell.ask('say c', 10_000))?.trim()).toBe('c');
    expect(children).toHaveLength(4);
  });

  it('notices one that died between two questions', async () => {
    open();
    await shell.ask('say a', 10_000);
    const [first] = children;
    first?.kill('SIGKILL');
    if (first !== undefined) await once(first, 'close');
    expect((await shell.ask('say b', 10_000))?.trim()).toBe('b');
  });

  it('is null where there is no such program', async () => {
    open('/nowhere/powershell.exe');
    expect(await shell.ask('say a', 10_000)).toBeNull();
    expect(await shell.ask('say a', 10_000)).toBeNull();
  });
});
