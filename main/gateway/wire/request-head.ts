/** With a line's end in it, a header would be two. */
const unfitHeader = /[^\t\x20-\x7e\x80-\xff]/;
const unfitPath = /[^\x21-\xff]/;

/** A request's head as it is sent; null: HTTP does not allow it. `headers`: names and values in turn. */
export function requestHead(method: string, path: string, headers: readonly string[], length: number): string | null {
  if (unfitPath.test(path)) return null;
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    const line = `${headers[i]!}: ${headers[i + 1]!}`;
    if (unfitHeader.test(line)) return null;
    text += `${line}\r\n`;
  }
  return `${text}Content-Length: ${length}\r\nConnection: keep-alive\r\n\r\n`;
}
