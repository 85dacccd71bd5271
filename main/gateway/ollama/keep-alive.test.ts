import { expect, it } from 'vitest';
import { readKeepAlive } from './keep-alive.ts';

it('keep_alive as Ollama reads it', () => {
  for (const value of [undefined, null]) expect(readKeepAlive(value)).toBe('absent');
  for (const value of [0, -0, '0', '0s', '0m0s', '-0s', '0.0s', 1e-12]) expect(readKeepAlive(value), String(value)).toBe('zero');
  for (const value of [300, -1, 0.5, '5m', '1h30m', '-1s', '.5s', '24h', '1µs']) expect(readKeepAlive(value), String(value)).toBe('other');
  for (const value of ['300', '-1', 'abc', '', '5', '5 m', true, [], {}]) expect(readKeepAlive(value), String(value)).toBe('invalid');
});

it('is read in one go, however long it is', () => {
  expect(readKeepAlive('1'.repeat(5_000_000))).toBe('invalid');
  expect(readKeepAlive(`${'1'.repeat(5_000_000)}.s`)).toBe('other');
});
