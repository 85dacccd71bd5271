import { unpack } from './decode.ts';

/** The key that requests carry to a server, by the headers that they get; null: none. */
export function secretIn({ authorization }: Readonly<Record<string, string>>): string | null {
  return authorization?.replace(/^Bearer /, '') || null;
}

/**
 * An error of a server that was shown a key, without that key: there are servers that repeat it, and it is not the client's.
 * `headers`: names and values in turn. What does not repeat it stays as it came.
 */
export async function withoutSecret(body: Buffer, headers: readonly string[], secret: string, maxBytes: number): Promise<{ body: Buffer; headers: readonly string[] }> {
  const encoding = valueOf(headers, 'content-encoding');
  // What cannot be read cannot be shown either.
  const plain = encoding === null ? body : ((await unpack(body, encoding, maxBytes)) ?? Buffer.alloc(0));
  const text = plain.toString('latin1');
  if (!text.includes(secret) && (encoding === null || plain.length > 0)) return { body, headers: withoutHeaders(headers, ['content-length']) };
  return { body: Buffer.from(text.replaceAll(secret, '***'), 'latin1'), headers: withoutHeaders(headers, ['content-length', 'content-encoding']) };
}

function valueOf(headers: readonly string[], name: string): string | null {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]!.toLowerCase() === name) return headers[i + 1]!;
  return null;
}

function withoutHeaders(headers: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) if (!names.includes(headers[i]!.toLowerCase())) kept.push(headers[i]!, headers[i + 1]!);
  return kept;
}
