import type { OpenAiServer } from '../../../contract/index.ts';
import type { Keychain } from '../../keychain/keychain.ts';
import { createJsonHttp, type HttpFailure, type JsonHttp } from '../http.ts';
import type { CatalogModel, Provider } from '../provider.ts';
import type { ServerAddress } from './address.ts';
import { readListing, type ListedModel } from './listing.ts';
import type { Named } from './problems.ts';

export interface OpenAiOptions {
  settings: OpenAiServer;
  env: Readonly<Record<string, string | undefined>>;
  /** The operating system's: asked for servers whose settings say so. */
  keychain: Pick<Keychain, 'get'>;
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** A header on every request by which an Airdock recognises its own, and refuses it with 508. */
  hop?: Readonly<Record<string, string>>;
  /** Context size in tokens for a model, by catalog id. */
  contextLengthFor(id: string): number;
  /** The GPU (id as in main/memory) to whose memory a server's graphics memory is booked; null: it counts as RAM. */
  vramDevice(): string | null;
  /** Time limits, ms; default: `defaultTimes`. */
  times?: Partial<Times>;
}

export interface Times {
  /** One look. */
  look: number;
  /** A look that takes longer is not waited for: its answer counts at the next one. */
  patience: number;
  /** Between looks at a server elsewhere: when all is well, after a failure, and after a refused key or too many requests. */
  again: number;
  afterFailure: number;
  afterRefusal: number;
  /** Between two looks into the keychain where that has no key, or does not answer. */
  keychain: number;
  /** Between two looks while a server of this computer loads or unloads. */
  watch: number;
  /** A load gets so long, and more for large files. */
  load: number;
}

export const defaultTimes: Times = { look: 10_000, patience: 2_000, again: 60_000, afterFailure: 15_000, afterRefusal: 120_000, keychain: 60_000, watch: 250, load: 180_000 };

/** A server with its address and key: what all kinds of them share. */
export interface Server extends Named {
  id: string;
  settings: OpenAiServer;
  address: ServerAddress;
  http: JsonHttp;
  times: Times;
  now(): number;
}

/** A key, and where it comes from. */
export type Shown = Pick<Named, 'key' | 'keyPlace'>;

export const urlOf = ({ origin, base }: ServerAddress): string => `${origin}${base}`;

export function connect({ settings, now, hop, times }: OpenAiOptions, address: ServerAddress, { key, keyPlace }: Shown): Server {
  const { id, local } = settings;
  const http = createJsonHttp(address, now, { ...hop, ...keyHeaders(key) });
  return { id, name: settings.label ?? id, url: urlOf(address), key, keyPlace, local, settings, address, http, times: { ...defaultTimes, ...times }, now };
}

const keyHeaders = (key: string | null): Readonly<Record<string, string>> => (key === null ? {} : { authorization: `Bearer ${key}` });

export const upstreamOf = ({ address, key }: Server): NonNullable<Provider['upstream']> => ({ url: address.origin, base: address.base, headers: keyHeaders(key) });

/** null: what came is no list. */
export async function askList({ http, address, times }: Server, signal: AbortSignal): Promise<{ ok: true; listed: ListedModel[] | null } | { ok: false; failure: HttpFailure }> {
  const answer = await http.request({ method: 'GET', path: `${address.base}/models`, timeoutMs: times.look, signal });
  return answer.ok ? { ok: true, listed: readListing(answer.body) } : answer;
}

export function catalogModel(server: Pick<Server, 'id'>, name: string, about: Partial<CatalogModel> = {}): CatalogModel {
  return {
    id: `${server.id}/${name}`,
    provider: server.id,
    providerName: name,
    weights: `openai:${server.id}:${name}`,
    sizeBytes: 0,
    estimate: { ram: 0, vram: {} },
    contextLength: null,
    maxContextLength: null,
    family: null,
    parameterSize: null,
    quantization: null,
    capabilities: [],
    sample: false,
    settings: '',
    problem: null,
    ...about,
  };
}

/** The models that the settings name, of those that are listed or not. */
export function chosen(settings: OpenAiServer, listed: readonly ListedModel[]): { name: string; listed: ListedModel | null }[] {
  if (settings.models === 'list') return listed.map((one) => ({ name: one.name, listed: one }));
  const byName = new Map(listed.map((one) => [one.name, one]));
  return [...new Set(settings.models)].map((name) => ({ name, listed: byName.get(name) ?? null }));
}
