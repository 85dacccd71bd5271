import { get } from 'node:http';
import { apiPrefix, healthSchema } from '../../contract/index.ts';

/** `nobody`: nothing listens there · `other`: something that is neither. */
export type WhoAnswers = { kind: 'airdock'; instance: string } | { kind: 'ollama'; version: string } | { kind: 'other' | 'nobody' };

const LIMIT_MS = 1_000;
const MAX_ANSWER = 4096;

/** Asks a port who it is, by routes that read only. Airdock answers for Ollama too, so it is asked for first. */
export async function whoAnswers(host: string, port: number): Promise<WhoAnswers> {
  const health = await read(host, port, `${apiPrefix}/health`);
  if (health === null) return { kind: 'nobody' };
  const airdock = healthSchema.safeParse(health);
  if (airdock.success) return { kind: 'airdock', instance: airdock.data.instance };
  const answer = await read(host, port, '/api/version');
  const version = typeof answer === 'object' && answer !== null && 'version' in answer ? answer.version : null;
  return typeof version === 'string' ? { kind: 'ollama', version } : { kind: 'other' };
}

/** The JSON at an address; undefined where it is none, null where nobody answers at all. */
function read(host: string, port: number, path: string): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER) response.destroy();
      });
      response.on('close', () => done(parsed(text)));
    });
    // Something that accepts and then says nothing is somebody, but neither of the two.
    const limit = setTimeout(() => {
      done(undefined);
      request.destroy();
    }, LIMIT_MS);
    const done = (value: unknown): void => {
      clearTimeout(limit);
      resolve(value);
    };
    request.on('error', (error: NodeJS.ErrnoException) => done(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH'].includes(error.code ?? '') ? null : undefined));
  });
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // `null` stands for nobody.
    return value ?? undefined;
  } catch {
    return undefined;
  }
}
