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

type Body = Readonly<Record<string, unknown>>;

/** As Go reads JSON into its structs: the case of a key does not matter, and the last of several wins. */
export function memberOf(body: Body, name: string): unknown {
  let found: unknown;
  for (const key in body) if (key === name || (key.length === name.length && folded(key) === name)) found = body[key];
  return found;
}

/** As Go folds a key: beside the ASCII letters, the long s and the sign of Kelvin are the letters s and k. */
function folded(key: string): string {
  return key.toLowerCase().replaceAll('ſ', 's');
}

const oddKey = /[A-Zſ\u212a]/;
/** A letter of a key that is written as an escape: nobody needs that, and text of other languages has none. */
const escapedLetter = /\\u00[4-7]/i;
/** What Ollama reads as plain texts: a later null leaves them as they were. */
const plainTexts: ReadonlySet<string> = new Set(['model', 'name', 'prompt', 'suffix', 'system', 'template', 'source', 'destination']);

/**
 * The object as Ollama reads it, where JSON.parse reads another one: keys that differ in case are one key of which the last counts,
 * and the groups of several `options` are put together. The very same object where there is nothing of that kind.
 */
export function asOllamaReads(text: string, parsed: Body): Body {
  const odd = Object.keys(parsed).some((key) => oddKey.test(key) || (parsed[key] === null && plainTexts.has(key)));
  if (!odd && text.indexOf('"options"') === text.lastIndexOf('"options"') && !escapedLetter.test(text)) return parsed;
  const read = new Map<string, unknown>();
  for (const { key, valueStart, end } of membersOf(text, text.indexOf('{'))) {
    const name = folded(key);
    const value = JSON.parse(text.slice(valueStart, end)) as unknown;
    const before = read.get(name);
    if (value === null && before !== undefined && plainTexts.has(name)) continue;
    read.set(name, name === 'options' && isObject(value) && isObject(before) ? { ...before, ...value } : value);
  }
  return Object.fromEntries(read);
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes a member out, in every way of writing its key and as often as it is there. One pass: a body may say it a million times. */
export function withoutMember(text: string, name: string): string {
  const members = membersOf(text, text.indexOf('{'));
  const kept = members.map(({ key }) => folded(key) !== name);
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
  const there = members.findLast((member) => (fold ? folded(member.key) : member.key) === name);
  if (there) return text.slice(0, there.valueStart) + value + text.slice(there.end);
  return `${text.slice(0, open + 1)}${JSON.stringify(name)}:${value}${members.length > 0 ? ',' : ''}${text.slice(open + 1)}`;
}

/** The text of a member's value; null: there is none. */
export function textOfMember(text: string, name: string): string | null {
  const member = membersOf(text, text.indexOf('{')).findLast(({ key }) => folded(key) === name);
  return member ? text.slice(member.valueStart, member.end) : null;
}

/** Changes the text of every object that stands under this key. */
export function withEachGroup(text: string, name: string, change: (group: string) => string): string {
  const out: string[] = [];
  let at = 0;
  for (const { key, valueStart, end } of membersOf(text, text.indexOf('{'))) {
    if (folded(key) !== name || text[valueStart] !== '{') continue;
    out.push(text.slice(at, valueStart), change(text.slice(valueStart, end)));
    at = end;
  }
  return out.length === 0 ? text : out.join('') + text.slice(at);
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
