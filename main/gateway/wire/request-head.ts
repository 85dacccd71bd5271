const unfitPath = /[^\x21-\xff]/;

/** A request's head as it is sent; null: HTTP does not allow its path. `headers`: names and values in turn, fit for HTTP (`areFit`). */
export function requestHead(method: string, path: string, headers: readonly string[], length: number): string | null {
  if (unfitPath.test(path)) return null;
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]!}: ${headers[i + 1]!}\r\n`;
  return `${text}Content-Length: ${length}\r\nConnection: keep-alive\r\n\r\n`;
}
