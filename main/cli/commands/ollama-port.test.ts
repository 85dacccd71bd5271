import { describe, expect, it } from 'vitest';
import { configSchema, problem } from '../../../contract/index.ts';
import { tempDir } from '../../../test/temp-dir.ts';
import type { Context } from '../context.ts';
import { exits } from '../exits.ts';
import { check, move } from './ollama-port.ts';

/** A command line whose Airdock answers with these settings. */
async function typed(name: string, json: boolean, broken = false) {
  const printed: string[] = [];
  const noted: string[] = [];
  const called: string[] = [];
  const manager = {
    call: async (operation: string) => {
      called.push(operation);
      return { config: configSchema.parse({}), path: '/config.json', problem: broken ? problem('bad-config', 'The file is broken.') : null, warnings: [] };
    },
  };
  const context = {
    command: { name }, json, dataDir: await tempDir(), terminal: { print: (text: string) => printed.push(text), note: (text: string) => noted.push(text) }, airdock: async () => manager,
  } as unknown as Context;
  return { context, printed, noted, called };
}

// On the real ports 11434 and 11435, whatever is there: what is asked changes nothing.
describe('airdock ollama-port', () => {
  it('check says who answers on both, and changes nothing', async () => {
    const { context, printed, noted, called } = await typed('ollama-port check', false);
    expect(await check(context)).toBe(exits.done);
    expect(printed.join('\n')).toMatch(/^Port 11434: .+ answers\. Port 11435: .+ answers\.\nAirdock has not taken Ollama’s port\.$/);
    expect([noted, called]).toEqual([[], ['configGet']]);
  });

  it('check has it as data', async () => {
    const { context, printed } = await typed('ollama-port check', true);
    expect(await check(context)).toBe(exits.done);
    expect(JSON.parse(printed.join(''))).toMatchObject({ known: { port: 11434 }, moved: { port: 11435 }, taken: false, remembered: false });
  });

  it('does nothing while the settings cannot be used, and nothing to give back is said', async () => {
    const broken = await typed('ollama-port take', false, true);
    expect([await move(broken.context, 'take'), broken.noted]).toEqual([exits.refused, ['The file is broken.']]);
    const { context, noted, called } = await typed('ollama-port give-back', false);
    expect([await move(context, 'giveBack'), noted.join()]).toEqual([exits.refused, expect.stringContaining('nothing to give back')]);
    expect(called).toEqual(['configGet']);
  });
});
