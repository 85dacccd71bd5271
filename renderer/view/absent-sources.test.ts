import { expect, it } from 'vitest';
import { llamaCpp, ollama } from '../../test/browser/fixtures.ts';
import { absentSources } from './absent-sources.ts';

const from = (more: Parameters<typeof ollama>[0], host: string | null | undefined) => absentSources([ollama({ status: 'absent', ...more }), llamaCpp], host).map((source) => source.from);

it.each([
  [{}, null, ['standard']],
  [{ url: 'http://localhost:11434' }, null, ['standard']],
  [{ url: 'http://127.0.0.1:12424' }, null, ['variable']],
  [{ url: 'http://127.0.0.1:12424' }, '127.0.0.1:12424', ['settings']],
  [{ id: 'ollama:box', url: 'http://box.local:11434' }, null, ['settings']],
  // Before the settings have come nothing is claimed.
  [{}, undefined, []],
  [{ status: 'up' }, null, []],
  // That it went is told loudly, elsewhere.
  [{ status: 'down' }, null, []],
] as const)('%o with %o in the settings', (more, host, expected) => {
  expect(from(more, host)).toEqual(expected);
});
