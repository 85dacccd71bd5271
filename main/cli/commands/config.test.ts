import { expect, it } from 'vitest';
import { configSchema } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { exits } from '../exits.ts';
import { get, set } from './config.ts';

async function typed(key: string, url: string): Promise<{ printed: string[]; noted: string[] }> {
  const printed: string[] = [];
  const noted: string[] = [];
  const manager = { call: async () => ({ config: configSchema.parse({}), path: '/config.json', problem: null, warnings: [] }) };
  const terminal = { print: (text: string) => printed.push(text), note: (text: string) => noted.push(text) };
  await get({ args: [key], json: false, terminal, airdock: async () => manager, connection: async () => ({ url, token: '', by: '' }) } as unknown as Context);
  return { printed, noted };
}

it('config get gateway.port tells the port in use too, where that is another one', async () => {
  const other = await typed('gateway.port', 'http://127.0.0.1:12345');
  expect(other.printed).toEqual(['11500']);
  expect(other.noted).toEqual([expect.stringMatching(/^Airdock answers on port 12345 at present; .*--port/)]);
  expect((await typed('gateway.port', 'http://127.0.0.1:11500')).noted).toEqual([]);
  expect((await typed('gateway.host', 'http://127.0.0.1:12345')).noted).toEqual([]);
});

it('config set models.directories says which folders are not there', async () => {
  const noted: string[] = [];
  const gone = `${import.meta.dirname}/gone`;
  const config = configSchema.parse({ models: { directories: [import.meta.dirname, gone] } });
  const manager = { call: async (operation: string) => (operation === 'configSet' ? { ok: true, value: { config } } : { config }) };
  const terminal = { print: () => undefined, note: (text: string) => noted.push(text) };
  expect(await set({ args: ['models.directories', import.meta.dirname, gone], json: false, terminal, airdock: async () => manager } as unknown as Context)).toBe(exits.done);
  expect(noted).toEqual([`The folder ${gone} is not there at present.`]);
});
