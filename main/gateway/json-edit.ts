/*
 * Changes single members of a JSON object in its text, so that everything else stays as the client wrote it: numbers that
 * JavaScript cannot hold, the order of keys, white space. The text must be valid JSON, which JSON.parse has just told.
 */

interface Member {
  key: string;
  start: number;
  valueStart: number;
  end: number;
}

/** As Go reads JSON into its structs: the case of a key does not matter, and the last of several wins. */
export function memberOf(body: Readonly<Record<string, unknown>>, name: string): unknown {
  let found: unknown;
  for (const key in body) if (key === name || (key.length === name.length && key.toLowerCase() === name)) found = body[key];
  return found;
}

/** Takes a member out, in every way of writing its key and as often as it is there. One pass: a body may say it a million times. */
export function withoutMember(text: string, name: string): string {
  const members = membersOf(text, text.indexOf('{'));
  const kept = members.map(({ key }) => key.toLowerCase() !== name);
  if (!kept.includes(false)) return text;
  const lastKept = kept.lastIndexOf(true);
  const out = [text.slice(0, members[0]!.start)];
  // With each that stays goes the comma behind it, but for the last.
  for (let i = 0; i <= lastKept; i++) if (kept[i]) out.push(text.slice(members[i]!.start, i < lastKept ? members[i + 1]!.start : members[i]!.end));
  out.push(text.slice(members.at(-1)!.end));
  return out.join('');
}

/** Sets a member to a JSON text: in its place where it is there, else at the front. `fold`: its key may be written in any case. */
export function withMember(text: string, name: string, value: string, fold = true): string {
  const open = text.indexOf('{');
  const members = membersOf(text, open);
  const there = members.findLast((member) => (fold ? member.key.toLowerCase() : member.key) === name);
  if (there) return text.slice(0, there.valueStart) + value + text.slice(there.end);
  return `${text.slice(0, open + 1)}${JSON.stringify(name)}:${value}${members.length > 0 ? ',' : ''}${text.slice(open + 1)}`;
}

/** The text of a member's value; null: there is none. */
export function textOfMember(text: string, name: string): string | null {
  const member = membersOf(text, text.indexOf('{')).findLast(({ key }) => key.toLowerCase() === name);
  return member ? text.slice(member.valueStart, member.end) : null;
}

function membersOf(text: string, open: number): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const start = at;
    const keyEnd = endOfString(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(start, keyEnd)) as string, start, valueStart, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function endOfString(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); ; at = text.indexOf('"', at + 1)) {
    if (at === -1) return text.length;
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first !== '{' && first !== '[') {
    let at = from;
    while (at < text.length && !',}]'.includes(text[at]!) && text.charCodeAt(at) > 0x20) at++;
    return at;
  }
  const marks = /["{}[\]]/g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (mark[0] === '{' || mark[0] === '[') depth++;
    else if (--depth === 0) return mark.index + 1;
  }
  return text.length;
}
