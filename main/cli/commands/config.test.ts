import { expect, it } from 'vitest';
import { configSchema } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { get } from './config.ts';

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
