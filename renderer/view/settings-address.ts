import type { Config } from '../../contract/index.ts';

/** Where apps reach Airdock as the config has it; null where the port is chosen at each start. */
export function configuredAddress({ host, port }: Pick<Config['gateway'], 'host' | 'port'>): string | null {
  if (port === 0) return null;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Whether two addresses lead to the same port of this computer: "localhost" is a name of 127.0.0.1. */
export function sameAddress(a: string, b: string): boolean {
  const [one, other] = [a, b].map((address) => new URL(address).host.replace('localhost', '127.0.0.1'));
  return one === other;
}

/** A file beside the config file. */
export function besideFile(file: string, name: string): string {
  const end = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return file.slice(0, end + 1) + name;
}

/** The names of this computer alone that Airdock listens on. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host.trim());
