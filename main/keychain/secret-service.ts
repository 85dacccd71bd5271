import { SERVICE, type KeychainTool } from './keychain.ts';
import type { RunTool } from './run-tool.ts';
import { answerOf } from './tool-answer.ts';

/** Linux: what keeps secrets of the desktop session (GNOME Keyring, KWallet, KeePassXC), by libsecret's own program. */
export function createSecretService(run: RunTool, program = 'secret-tool'): KeychainTool {
  const item = (id: string): string[] => ['service', SERVICE, 'account', id];
  /** It ends with 1 for "there is none" as well as for a failure, and says something only then. */
  const isNone = ({ code, stderr }: { code: number; stderr: string }): boolean => code === 1 && stderr.trim() === '';
  return {
    program,
    install: 'Install it: it is in the package libsecret-tools (Debian, Ubuntu) or libsecret (Fedora, Arch).',
    get: async (id, signal) => answerOf(await run(program, ['lookup', ...item(id)], { signal }), (ended) => (ended.code === 0 ? ended.stdout.replace(/\n$/, '') : isNone(ended) ? null : undefined)),
    set: async (id, key) => answerOf(await run(program, ['store', `--label=${SERVICE}: ${id}`, ...item(id)], { input: key }), ({ code }) => (code === 0 ? true : undefined)),
    remove: async (id) => answerOf(await run(program, ['clear', ...item(id)]), (ended) => (ended.code === 0 ? true : isNone(ended) ? false : undefined)),
  };
}
