/** Where the value of a form's text field stands in its body. */
export interface Field {
  value: string;
  start: number;
  end: number;
}

/** A text field of a multipart form; null: it has none of that name, or is no such form. */
export function fieldOf(body: Buffer, contentType: string, name: string): Field | null {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (!/^multipart\/form-data\b/i.test(contentType) || mark === undefined) return null;
  const delimiter = Buffer.from(`--${mark}`);
  let found: Field | null = null;
  let headersEnd = -1;
  for (let at = body.indexOf(delimiter); at !== -1; ) {
    const headersStart = at + delimiter.length;
    // Looked for anew only where it is behind: parts without an end of their own would each look through all the rest.
    if (headersEnd < headersStart) headersEnd = body.indexOf('\r\n\r\n', headersStart);
    const next = body.indexOf(delimiter, headersStart);
    if (headersEnd === -1 || next === -1) break;
    const headers = body.toString('latin1', headersStart, Math.min(headersEnd, next));
    if (headersEnd < next && nameIn(headers) === name && !/;\s*filename\*?=/i.test(headers)) {
      const [start, end] = [headersEnd + 4, next - 2];
      // As Go's form reader: the first of several is the one.
      found ??= { value: body.toString('utf8', start, end), start, end };
    }
    at = next;
  }
  return found;
}

function nameIn(headers: string): string | null {
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(headers)?.[1] ?? '';
  const name = /;\s*name=(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  return name?.[1] ?? name?.[2] ?? null;
}
