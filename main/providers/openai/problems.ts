import { problem, type Problem } from '../../../contract/index.ts';
import type { HttpFailure } from '../http.ts';
import { withoutKey } from '../key.ts';

/** What the words about a server need. */
export interface Named {
  name: string;
  /** Its address, with the path. */
  url: string;
  /** As sentences have it ("in the variable CLOUD_KEY"), and what to do where it is wrong; null: it has none. */
  keyPlace: { words: string; hint: string } | null;
  key: string | null;
  local: boolean;
}

const checkAddress = 'Check "base_url" under providers.openai.';

/** A look at a server that failed, in one sentence. */
export function serverProblem(failure: HttpFailure, server: Named): Problem {
  const { name, url } = server;
  const later = server.local ? `Restart ${name}; its log says more.` : 'Airdock tries again by itself.';
  switch (failure.kind) {
    case 'refused':
      if (failure.detail === 'ENOTFOUND') return problem('provider-down', `Nothing answers at ${url}: that host is not known.`, checkAddress);
      return problem('provider-down', `Nothing answers at ${url}.`, server.local ? `Start ${name}, or its server.` : later);
    case 'timeout':
      return problem('provider-down', `${name} did not answer within ${Math.ceil(failure.afterMs / 1000)} s.`, later);
    case 'lost':
      return problem('provider-down', `${name} broke off its answer.`, later);
    case 'aborted':
      return problem('cancelled', `The look at ${name} was broken off.`);
    case 'too-large':
      return problem('provider-down', `The list of models from ${name} is too long.`, 'Name the models that you use in "models" under providers.openai.');
    case 'garbage':
      return problem('provider-down', `What answers at ${url} does not speak HTTP (${failure.detail}).`, checkAddress);
    case 'status':
      return statusProblem(failure.status, failure.message, server);
  }
}

function statusProblem(status: number, said: string | null, { name, url, keyPlace, key }: Named): Problem {
  if (status === 401 || status === 403) {
    if (keyPlace === null) return problem('bad-key', `${name} wants a key.`, 'Put it into an environment variable and name that in "key_env" under providers.openai, or into the keychain with "keychain".');
    return problem('bad-key', `${name} does not accept the key ${keyPlace.words} (status ${status}).`, keyPlace.hint);
  }
  // The status by which Airdock refuses what comes back to it.
  if (status === 508) return problem('bad-config', `The address of ${name}, ${url}, leads back to Airdock itself.`, 'Set "base_url" under providers.openai to the address at which that server itself listens.');
  // Followed, it would take the key to where nobody has sent it.
  if (status >= 300 && status < 400) return problem('provider-down', `${name} leads on from ${url} to another address (status ${status}), and that is not followed.`, `Set "base_url" under providers.openai to the address that it leads to: often it is https.`);
  if (status === 429) return problem('provider-down', `${name} says that it was asked too often (status 429).`, 'Airdock asks again in a few minutes.');
  if (status === 404 || status === 405) return problem('provider-down', `${name} has no list of models at ${url}/models (status ${status}).`, 'Check "base_url", or name the models that you use in "models" under providers.openai.');
  return problem('provider-down', `${name} answered with status ${status}${wordsOf(said, key)}.`, 'Airdock tries again by itself.');
}

/** A short end for a sentence, from the server's own words. */
export function wordsOf(said: string | null, key: string | null): string {
  if (said === null || said.trim() === '') return '';
  const flat = withoutKey(said, key).replace(/[\s\p{Cc}]+/gu, ' ').trim().replace(/\.$/, '');
  return `: ${flat.length > 200 ? `${flat.slice(0, 197)}…` : flat}`;
}

/** A load or unload that failed, as the end of a sentence. */
export function failureWords(failure: HttpFailure, key: string | null): string {
  switch (failure.kind) {
    case 'status':
      return wordsOf(failure.message ?? `status ${failure.status}`, key);
    case 'refused':
      return ': nothing answers';
    case 'timeout':
      return `: no answer within ${Math.ceil(failure.afterMs / 1000)} s`;
    case 'lost':
      return ': the connection broke off';
    case 'aborted':
      return ': cancelled';
    case 'too-large':
    case 'garbage':
      return ': an answer that makes no sense';
  }
}

export const noList = ({ name, url }: Named): Problem =>
  problem('provider-down', `What ${name} answers at ${url}/models is no list of models.`, `${checkAddress} Many servers want a path such as /v1 in it.`);
