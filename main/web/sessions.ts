import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const CODE_MS = 10 * 60_000;
const SESSION_MS = 30 * 24 * 3_600_000;
const MAX_CODES = 16;
const MAX_SESSIONS = 256;

export interface Sessions {
  /** A code for one sign-in within ten minutes. */
  newCode(): string;
  /** Uses the code up and begins a session; null where the code was used, is too old, or never was one. */
  exchange(code: string): { id: string; maxAgeSeconds: number } | null;
  isValid(id: string): boolean;
}

/** Sign-ins of browsers, in memory only: they end with the server. Secrets are kept as hashes and compared in constant time. */
export function createSessions(now: () => number): Sessions {
  const codes: Entry[] = [];
  const sessions: Entry[] = [];
  return {
    newCode: () => add(codes, now() + CODE_MS, MAX_CODES),
    exchange(code) {
      const found = find(codes, code, now());
      if (found === null) return null;
      codes.splice(codes.indexOf(found), 1);
      return { id: add(sessions, now() + SESSION_MS, MAX_SESSIONS), maxAgeSeconds: SESSION_MS / 1000 };
    },
    isValid: (id) => find(sessions, id, now()) !== null,
  };
}

interface Entry {
  hash: Buffer;
  until: number;
}

function add(entries: Entry[], until: number, max: number): string {
  const secret = randomBytes(32).toString('base64url');
  entries.push({ hash: hashOf(secret), until });
  if (entries.length > max) entries.shift();
  return secret;
}

function find(entries: readonly Entry[], secret: string, now: number): Entry | null {
  const hash = hashOf(secret);
  let found: Entry | null = null;
  for (const entry of entries) if (timingSafeEqual(entry.hash, hash) && entry.until > now) found = entry;
  return found;
}

/** In constant time for secrets of one length. How long Airdock's own are is written in its documents: what has another length costs nothing. */
export function isSameSecret(shown: string, own: string): boolean {
  if (shown.length !== own.length) return false;
  return timingSafeEqual(hashOf(shown), hashOfOwn(own));
}

/** Airdock has a few secrets and compares with them at each request. */
const ownHashes = new Map<string, Buffer>();
const mostOwnHashes = 8;

function hashOfOwn(own: string): Buffer {
  const known = ownHashes.get(own);
  if (known) return known;
  if (ownHashes.size === mostOwnHashes) ownHashes.clear();
  const made = hashOf(own);
  ownHashes.set(own, made);
  return made;
}

function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
