import { expect, it } from 'vitest';
import { isInside, readAddress, shownAddress } from './addresses.ts';

it.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.4', '169.254.169.254', '100.64.0.1', '0.0.0.0', '::1', 'fd00::1', 'fe80::1', '::ffff:192.168.1.4', '::ffff:127.0.0.1'])('%s is inside', (address) => expect(isInside(address)).toBe(true));
it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:db8::1', '::ffff:8.8.8.8', 'example.org'])('%s is not', (address) => expect(isInside(address)).toBe(false));

it('reads addresses, and leaves names to others', () => {
  expect(readAddress('llama3.2:3b')).toBeNull();
  expect(readAddress('somebody/model:tag')).toBeNull();
  expect(readAddress('https://x.example/a.gguf#top')).toMatchObject({ ok: true, value: expect.objectContaining({ href: 'https://x.example/a.gguf' }) });
  expect(readAddress('file:///etc/passwd')).toMatchObject({ ok: false, problem: { message: 'Airdock downloads by http and https, not by file.' } });
  expect(readAddress('ftp://x.example/a.gguf')).toMatchObject({ ok: false });
  expect(readAddress('https://me:secret@x.example/a.gguf')).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  expect(readAddress('https://')).toMatchObject({ ok: false });
});

it('shows no address with what may be a secret', () => {
  expect(shownAddress(new URL('https://x.example/a.gguf?token=secret'))).toBe('https://x.example/a.gguf');
});
