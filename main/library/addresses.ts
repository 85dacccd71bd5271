import { BlockList, isIP } from 'node:net';
import { problem } from '../../contract/index.ts';
import type { Outcome } from '../../contract/index.ts';

const inside = new BlockList();
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [['::', 127], ['fc00::', 7], ['fe80::', 10]] as const) inside.addSubnet(net, bits, 'ipv6');

/** An address of this computer or of a network that the internet does not reach. */
export function isInside(address: string): boolean {
  // An IPv4 address in IPv6's clothes is judged as what it is.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return inside.check(mapped, 'ipv4');
  const family = isIP(address);
  return family !== 0 && inside.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** What a person has named as the address of a file; null: it is no address at all, but may be a model's name. */
export function readAddress(text: string): Outcome<URL> | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return null;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { ok: false, problem: problem('bad-request', 'That is no address that can be read.', 'Copy the whole address of the file, beginning with https://.') };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, problem: problem('bad-request', `Airdock downloads by http and https, not by ${url.protocol.replace(':', '')}.`, 'A file on this computer is taken in by its path.') };
  }
  if (url.username !== '' || url.password !== '') {
    return { ok: false, problem: problem('bad-request', 'The address holds a user name or a password, which would be kept with the download.', 'Download the file by other means, then take it in by its path.') };
  }
  url.hash = '';
  return { ok: true, value: url };
}

/** For screens and logs: what stands behind the question mark can be a secret. */
export function shownAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
