import type { IncomingHttpHeaders } from 'node:http';
import { callerHeader, isPerson } from '../../contract/index.ts';

/** Who asks, as far as it says so. */
export interface Client {
  /** For people: the activity list, the dashboard. */
  name: string;
  /** One of a few, for the labels of `/metrics`. */
  kind: string;
}

const longest = 60;

/** Products by what their User-Agent begins with, in lower case. Longer beginnings stand before shorter ones. */
const products: readonly [start: string, kind: string][] = [
  ['openai/python', 'openai-python'],
  ['asyncopenai/python', 'openai-python'],
  ['openai/js', 'openai-js'],
  ['anthropic', 'anthropic'],
  ['ollama-python', 'ollama-python'],
  ['ollama-js', 'ollama-js'],
  ['ollama', 'ollama'],
  ['open-webui', 'open-webui'],
  ['continue', 'continue'],
  ['zed', 'zed'],
  ['langchain', 'langchain'],
  ['llama-index', 'llama-index'],
  ['python', 'python'],
  ['aiohttp', 'python'],
  ['curl', 'curl'],
  ['go-http-client', 'go'],
  ['node', 'node'],
  ['undici', 'node'],
  ['axios', 'node'],
  ['mozilla', 'browser'],
];

const unknown: Client = { name: 'a program', kind: 'other' };

/** Programs send the same words with every request. */
const known = new Map<string, Client>();
const mostKnown = 200;

export function clientOf(headers: IncomingHttpHeaders): Client {
  const key = `${headers[callerHeader] ?? ''}\n${headers['user-agent'] ?? ''}\n${headers.origin ?? ''}`;
  let client = known.get(key);
  if (client) return client;
  client = read(headers);
  known.set(key, client);
  if (known.size > mostKnown) known.delete(known.keys().next().value!);
  return client;
}

/** A program may say who it is; most only send a User-Agent. */
function read(headers: IncomingHttpHeaders): Client {
  const told = printable(headers[callerHeader]);
  const agent = printable(headers['user-agent']);
  const kind = kindOf(told ?? agent);
  if (told !== null) return { name: asProgram(told), kind };
  if (agent === null) return unknown;
  if (kind === 'browser') return { name: hostOf(headers.origin) ?? 'a web page', kind };
  // "OpenAI/Python 1.51.0" names a product of two words; elsewhere the slash stands before the version. Some put words before it.
  const words = /^(?:[^\s/()]+ ){0,3}[^\s/()]+(?=\/\d)/.exec(agent)?.[0];
  const product = words ?? /^[^\s/]+(?:\/(?=[A-Za-z])[^\s/]+)?/.exec(agent)?.[0].replace('/', '-') ?? agent;
  return { name: asProgram(product), kind };
}

/** Nobody's click is told by a header. */
function asProgram(name: string): string {
  return isPerson(name) ? `a program called ${name}` : name;
}

function kindOf(text: string | null): string {
  if (text === null) return unknown.kind;
  const folded = text.toLowerCase();
  return products.find(([start]) => folded.startsWith(start))?.[1] ?? unknown.kind;
}

function printable(value: string | string[] | undefined): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/[^\x20-\x7e]/g, '').trim().slice(0, longest);
  return text === '' ? null : text;
}

function hostOf(origin: string | undefined): string | null {
  if (origin === undefined || !URL.canParse(origin)) return null;
  return printable(new URL(origin).host);
}
