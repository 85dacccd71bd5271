/** They belong to one connection, not to the message. */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
/** Node has answered the expectation already; length and host are set anew. */
const notPassedOn = new Set([...hopByHop, 'host', 'content-length', 'expect']);

export interface PassedHeaders {
  /** What the server gets besides, and instead of the client's own of the same names. */
  extra: Readonly<Record<string, string>>;
  /** In lower case. */
  without: readonly string[];
}

/** With a line's end in it, a header would be two. */
const unfit = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether HTTP allows them. Those of clients have been read by Node, which looks at each; these come from the settings. */
export function areFit(extra: Readonly<Record<string, string>>): boolean {
  for (const name in extra) if (unfit.test(name) || unfit.test(extra[name]!)) return false;
  return true;
}

/** Names and values in turn: which of a client's headers a server gets. */
export function requestHeaders(raw: readonly string[], host: string, { extra, without }: PassedHeaders): string[] {
  const headers = ['Host', host];
  let dropped: readonly string[] = without;
  for (const name in extra) {
    headers.push(name, extra[name]!);
    dropped = [...dropped, name.toLowerCase()];
  }
  for (let i = 0; i < raw.length; i += 2) {
    const name = lowerCase(raw[i]!);
    if (!notPassedOn.has(name) && !(dropped.length > 0 && dropped.includes(name))) headers.push(raw[i]!, raw[i + 1]!);
  }
  return headers;
}

export function isHopByHop(name: string): boolean {
  return hopByHop.has(lowerCase(name));
}

/** Headers come under the same names again and again; whoever invents names must not fill the memory. */
const lowered = new Map<string, string>();
const mostLowered = 500;

function lowerCase(name: string): string {
  let lower = lowered.get(name);
  if (lower !== undefined) return lower;
  lower = name.toLowerCase();
  if (lowered.size < mostLowered) lowered.set(name, lower);
  return lower;
}
