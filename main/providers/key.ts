import { problem, type Problem } from '../../contract/index.ts';
import { isKey } from '../keychain/keychain.ts';

/** null: the server wants none. */
export type KeyOutcome = { ok: true; key: string | null } | { ok: false; problem: Problem };

/** The key of a server, from the environment variable that the settings name. No message holds what stands there. */
export function readKey(variable: string | null, env: Readonly<Record<string, string | undefined>>, name: string): KeyOutcome {
  if (variable === null) return { ok: true, key: null };
  // Whoever puts the key itself into the settings must not find it in a message.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    return { ok: false, problem: problem('bad-config', `"key_env" of ${name} is no name of an environment variable.`, 'Name the variable that holds the key; the key itself does not belong into the settings.') };
  }
  const key = (env[variable] ?? '').trim();
  const hint = 'Set it where Airdock is started, and start Airdock again.';
  if (key === '') return { ok: false, problem: problem('bad-key', `The variable ${variable}, which is to hold the key for ${name}, is not set.`, hint) };
  if (!isKey(key)) return { ok: false, problem: problem('bad-key', `What the variable ${variable} holds cannot be a key for ${name}: it has blanks or other characters that no key has.`, hint) };
  return { ok: true, key };
}

/** Servers repeat what they were sent. */
export const withoutKey = (text: string, key: string | null): string => (key === null ? text : text.replaceAll(key, '…'));
