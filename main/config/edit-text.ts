import { createScanner, findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/** jsonc-parser's `SyntaxKind`, an ambient enum that isolated modules cannot read. */
const token = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, trivia: 15, end: 17 } as const;

/*
 * jsonc-parser's own `modify` moves a comment that follows the last key to the key that it appends, and removes the
 * comments between a removed key and the next; hence these few edits of our own.
 */

/** Sets one key in the text of a JSON object with comments; everything else in the text stays as it is. The text must be valid. */
export function setInText(text: string, path: readonly string[], value: unknown): string {
  const style = styleOf(text);
  const root = parse(text);
  if (!root) {
    const gap = text === '' || text.endsWith('\n') ? '' : style.eol;
    return `${text}${gap}${render(nest(path, value), style, 0)}${style.eol}`;
  }
  let parent = root;
  for (const [depth, key] of path.entries()) {
    const child = findNodeAtLocation(parent, [key]);
    if (child && depth < path.length - 1 && child.type === 'object') {
      parent = child;
      continue;
    }
    const rest = nest(path.slice(depth + 1), value);
    if (child) return splice(text, child.offset, child.offset + child.length, render(rest, style, depth + 1));
    return insert(text, parent, key, rest, style, depth);
  }
  return text;
}

/**
 * Sets a group of keys. Of what stands there already, only what `isKnown` goes where the new value has it not: keys that nobody knows are kept, as
 * everywhere, and so are the comments between them.
 */
export function setGroupInText(text: string, path: readonly string[], value: Readonly<Record<string, unknown>>, isKnown: (path: readonly string[]) => boolean): string {
  const root = parse(text);
  const node = root && findNodeAtLocation(root, [...path]);
  if (node?.type !== 'object') return setInText(text, path, value);
  const names = (node.children ?? []).map((child) => String(child.children?.[0]?.value));
  const gone = names.filter((name) => !Object.hasOwn(value, name) && isKnown([...path, name]));
  const without = gone.reduce((edited, name) => removeFromText(edited, [...path, name]), text);
  return Object.entries(value).reduce((edited, [name, one]) => setInText(edited, [...path, name], one), without);
}

/** Removes one key where it is there, with its comma but without any comment. */
export function removeFromText(text: string, path: readonly string[]): string {
  const root = parse(text);
  const property = root && findNodeAtLocation(root, [...path])?.parent;
  if (property?.type !== 'property') return text;
  let start = property.offset;
  let end = property.offset + property.length;
  const after = nextToken(text, end);
  let withoutComma = text;
  if (after?.kind === token.comma) {
    // Up to the comma there may be comments, which stay.
    withoutComma = splice(text, after.offset, after.offset + 1, '');
    if (text.slice(end, after.offset).trim() === '') end = after.offset;
  } else {
    const siblings = property.parent?.children ?? [];
    const previous = siblings[siblings.indexOf(property) - 1];
    const comma = previous && nextToken(text, previous.offset + previous.length);
    if (comma?.kind === token.comma) {
      withoutComma = splice(text, comma.offset, comma.offset + 1, '');
      start -= 1;
      end -= 1;
    }
  }
  const lineStart = withoutComma.lastIndexOf('\n', start - 1) + 1;
  if (lineStart === 0 || withoutComma.slice(lineStart, start).trim() !== '') return splice(withoutComma, start, end, '');
  // Nothing else is on its line: the line goes, or what follows (a comment) moves up to its place.
  const rest = /^([ \t]*)(\r\n|\r|\n)?/.exec(withoutComma.slice(end));
  const lineGoes = rest?.[2] !== undefined;
  return splice(withoutComma, lineGoes ? lineStart : start, end + (rest?.[0].length ?? 0), '');
}

interface Style {
  eol: string;
  indent: string;
}

function insert(text: string, parent: Node, key: string, value: unknown, style: Style, depth: number): string {
  const children = parent.children ?? [];
  const open = parent.offset;
  const close = parent.offset + parent.length - 1;
  const multiline = children.length === 0 || text.slice(open, close).includes('\n');
  const inner = children[0] ? indentOf(text, children[0].offset) : indentOf(text, open) + style.indent;
  const property = `${JSON.stringify(key)}: ${render(value, style, multiline ? depth + 1 : -1)}`;
  const last = children.at(-1);
  if (!last) {
    // Comments in an otherwise empty object stay in front.
    const before = text.slice(0, close).trimEnd();
    return `${before}${style.eol}${inner}${property}${style.eol}${indentOf(text, open)}${text.slice(close)}`;
  }
  const lastEnd = last.offset + last.length;
  const comma = nextToken(text, lastEnd);
  const trailing = comma?.kind === token.comma;
  const withComma = trailing ? text : splice(text, lastEnd, lastEnd, ',');
  const from = trailing ? comma.offset + 1 : lastEnd + 1;
  const shiftedClose = trailing ? close : close + 1;
  if (!multiline) return splice(withComma, from, from, ` ${property}${trailing ? ',' : ''}`);
  // A comment on the last key's own line belongs to that key.
  const lineEnd = endOfLine(withComma, from, shiftedClose);
  const before = withComma.slice(0, lineEnd).trimEnd();
  const tail = lineEnd === shiftedClose ? style.eol + indentOf(text, open) : '';
  return `${before}${style.eol}${inner}${property}${trailing ? ',' : ''}${tail}${withComma.slice(lineEnd)}`;
}

/** The end of the line that `from` is on, as far as there are only comments on it; else `from` itself. */
function endOfLine(text: string, from: number, limit: number): number {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  let end = from;
  for (;;) {
    const kind: number = scanner.scan();
    if (kind === token.lineBreak) return end;
    if (kind === token.lineComment) return scanner.getTokenOffset() + scanner.getTokenLength();
    if (kind === token.blockComment) end = scanner.getTokenOffset() + scanner.getTokenLength();
    else if (kind !== token.trivia) return scanner.getTokenOffset() >= limit ? limit : end;
  }
}

function nextToken(text: string, from: number): { kind: number; offset: number } | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  const kind: number = scanner.scan();
  return kind === token.end ? null : { kind, offset: scanner.getTokenOffset() };
}

function parse(text: string): Node | undefined {
  return parseTree(text, [], { allowTrailingComma: true, allowEmptyContent: true });
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value);
}

/** `depth` −1: on one line. */
function render(value: unknown, { eol, indent }: Style, depth: number): string {
  if (depth < 0) return JSON.stringify(value);
  return JSON.stringify(value, null, indent).replaceAll('\n', eol + indent.repeat(depth));
}

function styleOf(text: string): Style {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1];
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', indent: indent ?? '  ' };
}

function indentOf(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

function splice(text: string, start: number, end: number, insertion: string): string {
  return text.slice(0, start) + insertion + text.slice(end);
}
