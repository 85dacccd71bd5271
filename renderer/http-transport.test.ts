import { expect, it } from 'vitest';
import { createHttpTransport } from './http-transport.ts';

function page(hash: string) {
  const posted: unknown[] = [];
  const addresses: string[] = [];
  const window = {
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_state: unknown, _title: string, address: string) => void addresses.push(address) },
    fetch: (url: string, { body }: { body: string }) => {
      posted.push([url, JSON.parse(body)]);
      return Promise.resolve(new Response('{}', { status: 401 }));
    },
  } as unknown as Window & typeof globalThis;
  return { posted, addresses, transport: createHttpTransport({ window }) };
}

it.each([
  ['#code=abc_1-2', 'abc_1-2'],
  ['#code=abc%5F1', 'abc_1'],
  ['#code=abc%', 'abc%'],
])('exchanges the code of %s, and takes it out of the address', async (hash, code) => {
  const { posted, addresses, transport } = page(hash);
  await transport.signIn();
  expect(posted).toEqual([['/airdock/v1/session', { code }]]);
  expect(addresses).toEqual(['/']);
});

it('asks for no session without a code', async () => {
  const { posted, addresses, transport } = page('#/models');
  await transport.signIn();
  expect([posted, addresses]).toEqual([[], []]);
});

it('says of every answer what it is about', async () => {
  const { transport } = page('');
  expect(await transport.call('configGet', {})).toMatchObject({ ok: false, kind: 'signed-out' });
});
