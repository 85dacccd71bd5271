import path from 'node:path';
import type { Outcome } from '../../contract/index.ts';
import { ensureSecret, readSecret } from './secret-file.ts';

const tokenFile = (dir: string): string => path.join(dir, 'token');

/** The token that scripts show to this data directory's Airdock; null where there is none that could be used. */
export const readToken = (dir: string): Promise<string | null> => readSecret(tokenFile(dir));

/** The token, made where there is none that could be used. Only the owner of the lock calls this. */
export const ensureToken = (dir: string): Promise<Outcome<string>> => ensureSecret(tokenFile(dir), 'access token');
