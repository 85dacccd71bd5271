import { SERVICE, type KeychainTool } from './keychain.ts';
import type { RunTool } from './run-tool.ts';
import { answerOf } from './tool-answer.ts';

/** Its exit code where there is no such item (errSecItemNotFound, as far as it goes into a byte). */
const NOT_FOUND = 44;

/** macOS: the login keychain, by the system's own program. What that program wrote it may read without asking. */
export function createSecurity(run: RunTool, program = '/usr/bin/security'): KeychainTool {
  const item = (id: string): string[] => ['-s', SERVICE, '-a', id];
  return {
    program,
    install: 'It belongs to macOS.',
    get: async (id, signal) => answerOf(await run(program, ['find-generic-password', ...item(id), '-w'], { signal }), ({ code, stdout }) => (code === 0 ? stdout.replace(/\n$/, '') : code === NOT_FOUND ? null : undefined)),
    async set(id, key) {
      // As an argument the key could be read by others, so the command itself goes in by standard input; as hexadecimal digits nothing in it needs quotes.
      const command = ['add-generic-password', '-U', ...item(id), '-l', `"${SERVICE}: ${id}"`, '-X', Buffer.from(key).toString('hex')].join(' ');
      const ended = await run(program, ['-i'], { input: `${command}\n` });
      return answerOf(ended, ({ code, stderr }) => (code === 0 && stderr.trim() === '' ? true : undefined));
    },
    remove: async (id) => answerOf(await run(program, ['delete-generic-password', ...item(id)]), ({ code }) => (code === 0 ? true : code === NOT_FOUND ? false : undefined)),
  };
}
