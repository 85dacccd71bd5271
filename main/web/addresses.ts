import os from 'node:os';

export type Interfaces = () => ReturnType<typeof os.networkInterfaces>;

/** An address as sockets tell it, in the one form that is compared: without a zone, and IPv4 as IPv4. */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const bare = address.replace(/%.*$/, '').toLowerCase();
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/.test(bare) ? bare.slice('::ffff:'.length) : bare;
}

export function isLoopbackAddress(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address);
}

/** The address as it stands in a URL or a Host header. */
export const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** Docker's own bridge, and those of networks that were made with it: "br-" and twelve digits, so that a router's br-lan is none. */
const dockerBridge = /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12})$/;

/** Addresses of Docker's bridges on this computer; none where containers run in a virtual machine (macOS, Windows). */
export function dockerAddresses(interfaces: Interfaces = os.networkInterfaces): string[] {
  return addressesOf(interfaces, (name) => dockerBridge.test(name));
}

/** Under which other devices can reach this computer, IPv4 first. */
export function lanAddresses(interfaces: Interfaces = os.networkInterfaces): string[] {
  return addressesOf(interfaces, (name) => !dockerBridge.test(name)).concat(dockerAddresses(interfaces));
}

function addressesOf(interfaces: Interfaces, wanted: (name: string) => boolean): string[] {
  const found = Object.entries(interfaces()).flatMap(([name, list]) => (wanted(name) ? (list ?? []) : []));
  // A link-local IPv6 address means nothing without the name of the other device's own interface.
  const usable = found.filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address));
  return [...usable.filter(({ family }) => family === 'IPv4'), ...usable.filter(({ family }) => family !== 'IPv4')].map(({ address }) => plainAddress(address));
}
