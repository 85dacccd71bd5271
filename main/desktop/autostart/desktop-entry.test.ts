import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execCommand, parseExec, readKey, writeKey } from './desktop-entry.ts';

describe('execCommand', () => {
  it.each([
    ['/usr/bin/airdock', '/usr/bin/airdock'],
    ['/home/me/My Apps/Airdock.AppImage', '"/home/me/My Apps/Airdock.AppImage"'],
    ['/home/me/100%/airdock', '/home/me/100%%/airdock'],
    ['/a"b/$HOME/`x`/c\\d', '"/a\\"b/\\$HOME/\\`x\\`/c\\\\d"'],
    ["/it's/a;b/(1)", '"/it\'s/a;b/(1)"'],
  ])('quotes %s by the rules', (path, command) => {
    expect(execCommand([path])).toBe(command);
    expect(execCommand([path, '--hidden'])).toBe(`${command} --hidden`);
  });

  it('escapes a second time as a value, as the format wants', () => {
    const text = writeKey('[Desktop Entry]\n', 'Exec', execCommand(['/a$b/c\\d']));
    expect(text).toBe('[Desktop Entry]\nExec="/a\\\\$b/c\\\\\\\\d"\n');
  });

  it('arrives in a shell as it left, and is read as it was written', () => {
    const argument = fc.string({ unit: fc.constantFrom(...'ab /.%"$\\`\'~;&|<>*?#()=\n\té€'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 3 }), (args) => {
        const command = execCommand(args);
        expect(parseExec(readKey(writeKey('[Desktop Entry]', 'Exec', command), 'Exec') ?? '')).toEqual(args);
        // A desktop resolves %%; the rest of the rules are those of a shell's double quotes.
        const shown = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${command.replaceAll('%%', '%')}`], { encoding: 'utf8' });
        expect(shown.split('\0').slice(0, -1)).toEqual(args);
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

describe('parseExec', () => {
  it('takes what others write', () => {
    expect(parseExec('/opt/Airdock/airdock --hidden %U')).toEqual(['/opt/Airdock/airdock', '--hidden']);
    expect(parseExec('')).toEqual([]);
  });
});

describe('keys', () => {
  const text = '# mine\n[Other]\nExec=no\n[Desktop Entry]\nName=Airdock\n  Exec = /old \nX-GNOME-Autostart-Delay=5\n\n[Desktop Action x]\nExec=other\n';

  it('are those of the main group', () => {
    expect(readKey(text, 'Exec')).toBe('/old');
    expect(readKey(text, 'Hidden')).toBeNull();
    expect(readKey('Exec=/x', 'Exec')).toBeNull();
  });

  it('change alone', () => {
    expect(writeKey(text, 'Exec', '/new')).toBe(text.replace('  Exec = /old ', 'Exec=/new'));
    expect(writeKey(text, 'Exec', null)).toBe(text.replace('  Exec = /old \n', ''));
    expect(writeKey(text, 'Hidden', 'true')).toBe(text.replace('[Desktop Entry]\n', '[Desktop Entry]\nHidden=true\n'));
    expect(writeKey(text, 'Missing', null)).toBe(text);
    expect(readKey(writeKey('', 'Exec', '/x'), 'Exec')).toBe('/x');
  });
});
