import { createServer, connect, type Server } from 'node:net';
import path from 'node:path';

/** sockaddr_un holds 108 bytes on Linux, the closing zero included. */
const MAX_SOCKET_PATH = 107;

/** Where the socket is in a holder's folder. It may be renamed with the folder: its inode counts. */
export const aliveSocketPath = (folder: string): string => path.join(folder, 'alive');

/**
 * A Unix socket that answers as long as this process lives, whatever namespaces separate it from who asks: the kernel
 * closes it with the process. Null where it cannot be made (path too long, a file system without sockets).
 */
export function listenAlive(file: string): Promise<Server | null> {
  if (Buffer.byteLength(file) > MAX_SOCKET_PATH) return Promise.resolve(null);
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(file, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      server.unref();
      resolve(server);
    });
  });
}

/** gone only if the kernel refuses the connection, which it does when no process listens on that very socket any more. */
export function askAlive(file: string): Promise<'alive' | 'gone' | 'unknown'> {
  if (Buffer.byteLength(file) > MAX_SOCKET_PATH) return Promise.resolve('unknown');
  return new Promise((resolve) => {
    const socket = connect(file);
    const finish = (verdict: 'alive' | 'gone' | 'unknown'): void => {
      socket.destroy();
      resolve(verdict);
    };
    socket.setTimeout(2000, () => finish('unknown'));
    socket.once('connect', () => finish('alive'));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED' ? 'gone' : 'unknown'));
  });
}
