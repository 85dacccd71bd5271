/*
 * As much of freedesktop.org's Desktop Entry format as an autostart file needs. Two layers of escapes lie over each other:
 * that of all values (\\ \n \t \r \s), and inside of it that of Exec (quoted arguments, and % as a field code).
 */

const GROUP = '[Desktop Entry]';
const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** The value of a key in the main group; null where there is none. */
export function readKey(text: string, key: string): string | null {
  const at = findKey(text.split(/\r?\n/), key);
  return at === null ? null : unescapeValue(at.value);
}

/** The text with the key set, or (null) without it; everything else stays as it is, comments too. */
export function writeKey(text: string, key: string, value: string | null): string {
  const lines = text.split(/\r?\n/);
  const at = findKey(lines, key);
  if (at !== null) lines.splice(at.line, 1, ...(value === null ? [] : [`${key}=${escapeValue(value)}`]));
  else if (value !== null) {
    const group = lines.findIndex((line) => line.trim() === GROUP);
    if (group < 0) lines.unshift(GROUP, `${key}=${escapeValue(value)}`);
    else lines.splice(group + 1, 0, `${key}=${escapeValue(value)}`);
  }
  return lines.join('\n');
}

function findKey(lines: readonly string[], key: string): { line: number; value: string } | null {
  let inside = false;
  for (const [line, text] of lines.entries()) {
    if (text.trimStart().startsWith('[')) inside = text.trim() === GROUP;
    else if (inside) {
      const equals = text.indexOf('=');
      if (equals > 0 && text.slice(0, equals).trim() === key) return { line, value: text.slice(equals + 1).trim() };
    }
  }
  return null;
}

function escapeValue(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/\r/g, '\\r');
}

function unescapeValue(value: string): string {
  return value.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole);
}

/** A command for `Exec`: each argument arrives as it is given here. */
export function execCommand(args: readonly string[]): string {
  return args.map(quote).join(' ');
}

function quote(arg: string): string {
  const plain = arg.replace(/%/g, '%%');
  return /^[\w./:=@%+,-]+$/.test(arg) ? plain : `"${plain.replace(/["`$\\]/g, '\\$&')}"`;
}

/** The arguments of a command; field codes (%U) are left out, since nothing is passed at a login. */
export function parseExec(command: string): string[] {
  const args: string[] = [];
  const pattern = /"((?:\\[\s\S]|[^"\\])*)"|([^\s"]+)/g;
  for (const [, quoted, bare] of command.matchAll(pattern)) {
    const arg = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(["`$\\])/g, '$1');
    if (!/^%[a-zA-Z]$/.test(arg)) args.push(arg.replace(/%%/g, '%'));
  }
  return args;
}
