import { problem, type Outcome, type Problem } from '../../contract/index.ts';
import { createCredentialManager } from './credential-manager.ts';
import { createRunTool, type RunTool } from './run-tool.ts';
import { createSecretService } from './secret-service.ts';
import { createSecurity } from './security.ts';

/** The operating system's own store of secrets, with an item for each server's key, under the server's id. No message holds a key. */
export interface Keychain {
  /** null: there is none. Aborting `signal` ends the program that asks: one that waits for a locked keychain would outlive Airdock. */
  get(id: string, signal?: AbortSignal): Promise<Outcome<string | null>>;
  set(id: string, key: string): Promise<Outcome<string>>;
  /** false: there was none. */
  remove(id: string): Promise<Outcome<boolean>>;
}

/** What one system's own program does. `failed`: the words with which it refused, or null. */
export interface KeychainTool {
  /** For sentences. */
  readonly program: string;
  /** What to do where the program is not there. */
  readonly install: string;
  get(id: string, signal?: AbortSignal): Promise<ToolAnswer<string | null>>;
  set(id: string, key: string): Promise<ToolAnswer<true>>;
  remove(id: string): Promise<ToolAnswer<boolean>>;
}
export type ToolAnswer<T> = { ok: true; value: T } | { ok: false; why: 'missing' } | { ok: false; why: 'late'; afterMs: number } | { ok: false; why: 'failed'; words: string };

/** Under this name the items of all servers stand in the system's own list of them. */
export const SERVICE = 'Airdock';
/** The macOS program reads lines of 4,096 characters, in which a key takes two for each of its own. */
const LONGEST_KEY = 1_800;
/** What can stand in a header of a request. */
export const isKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

const instead = 'Without a desktop session there is often none: then name an environment variable in "key_env" instead.';

export function createKeychain(tool: KeychainTool): Keychain {
  function refused(answer: Exclude<ToolAnswer<unknown>, { ok: true }>, key: string | null): { ok: false; problem: Problem } {
    if (answer.why === 'missing') return no(`The keychain cannot be asked: ${tool.program} is not there.`, tool.install);
    if (answer.why === 'late') return no(`The keychain did not answer within ${Math.ceil(answer.afterMs / 1000)} s: it may be locked.`, 'Unlock it, then try again.');
    const line = answer.words.split('\n').map((one) => one.trim()).find((one) => one !== '') ?? '';
    const words = (key === null ? line : line.replaceAll(key, '…')).slice(0, 200).replace(/\.$/, '');
    return no(words === '' ? 'The keychain refused.' : `The keychain refused: ${words}.`, instead);
  }

  async function get(id: string, signal?: AbortSignal): Promise<Outcome<string | null>> {
    const answer = await tool.get(id, signal);
    return answer.ok ? { ok: true, value: answer.value === '' ? null : answer.value } : refused(answer, null);
  }

  return {
    get,
    async set(id, given) {
      const key = given.trim();
      if (key === '') return no('There is no key in what came in.', 'Send the key to standard input.');
      if (!isKey(key)) return no('What came in cannot be a key: it has blanks or other characters that no key has.');
      if (key.length > LONGEST_KEY) return no(`What came in is too long for a key: more than ${LONGEST_KEY} characters.`);
      const answer = await tool.set(id, key);
      if (!answer.ok) return refused(answer, key);
      // Not every one of these programs says by its exit code whether it has kept anything.
      const kept = await get(id);
      if (!kept.ok) return kept;
      return kept.value === key ? { ok: true, value: id } : no('The keychain has not kept the key.', instead);
    },
    async remove(id) {
      const answer = await tool.remove(id);
      return answer.ok ? answer : refused(answer, null);
    },
  };
}

const no = (message: string, hint?: string): { ok: false; problem: Problem } => ({ ok: false, problem: problem('bad-key', message, hint) });

/** The one of this computer. */
export function systemKeychain(env: Readonly<Record<string, string | undefined>> = process.env, platform: NodeJS.Platform = process.platform, run: RunTool = createRunTool(env)): Keychain {
  if (platform === 'darwin') return createKeychain(createSecurity(run));
  if (platform === 'win32') return createKeychain(createCredentialManager(run, env));
  return createKeychain(createSecretService(run));
}
