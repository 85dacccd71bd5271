import net from 'node:net';

/** One request's use of a connection. */
export interface ConnectionUser {
  /** Bytes that are valid only during the call. False: no more of them until `resume`. */
  read(bytes: Buffer): boolean;
  /** The connection has ended, by the server's word (null) or by an error; after this it is nobody's. */
  closed(error: NodeJS.ErrnoException | null): void;
}

export interface Connection {
  /** It has served another request before: the server may have closed it just as this one was sent. */
  readonly reused: boolean;
  send(head: string, body: Buffer): void;
  resume(): void;
  /** The next request may have it. */
  release(): void;
  destroy(): void;
}

export interface Connections {
  /** `anew`: not one that has been idle. */
  take(user: ConnectionUser, anew: boolean): Connection;
  close(): void;
}

const mostIdle = 256;
/** What nobody has used from one look to the next, or the one after, is closed: a burst of requests leaves no hundreds of connections behind. */
const idleLookMs = 30_000;
/** Bodies up to this size go out with their head in one piece. */
const smallBytes = 16 * 1024;
const probeAfterMs = 1_000;

/**
 * What is read is copied before the next read anywhere, so that one buffer serves all connections. Not on Windows, where the system is given
 * the buffer before there is anything to read.
 */
const readBytes = 64 * 1024;
const sharedBuffer = process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(readBytes);
const ownReadBytes = 16 * 1024;

interface IdleConnection {
  socket: net.Socket;
  /** It was idle at the last look already. */
  seen: boolean;
  use(user: ConnectionUser): Connection;
}

/** Kept-alive connections to one server, as many as there are requests; who comes next has the one that was used last. */
export function createConnections(target: { host: string; port: number }, lookMs = idleLookMs): Connections {
  const idle: IdleConnection[] = [];
  let looks: NodeJS.Timeout | null = null;
  const all = new Set<net.Socket>();
  let closed = false;

  function closeUnused(): void {
    const unused = idle.filter(({ seen }) => seen);
    idle.splice(0, idle.length, ...idle.filter(({ seen }) => !seen));
    for (const entry of idle) entry.seen = true;
    for (const { socket } of unused) socket.destroy();
    if (idle.length > 0 || looks === null) return;
    clearInterval(looks);
    looks = null;
  }

  function open(first: ConnectionUser): Connection {
    let user: ConnectionUser | null = first;
    let failure: NodeJS.ErrnoException | null = null;
    const socket = net.connect({
      ...target,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: probeAfterMs,
      onread: {
        buffer: sharedBuffer ?? Buffer.allocUnsafeSlow(ownReadBytes),
        callback(size, buffer) {
          // What nobody asked for: who sends that is not to be asked again.
          if (user === null) socket.destroy();
          else return user.read((buffer as Buffer).subarray(0, size));
          return true;
        },
      },
    });
    all.add(socket);
    // Whoever lost a connection to the end is told so, and does not begin anew.
    if (closed) socket.destroy();
    const over = (): void => {
      all.delete(socket);
      const at = idle.indexOf(entry);
      if (at !== -1) idle.splice(at, 1);
      const told = user;
      user = null;
      socket.destroy();
      told?.closed(failure);
    };
    socket.on('error', (error) => (failure = error));
    socket.on('end', over);
    socket.on('close', over);

    const connection = {
      reused: false,
      send(head: string, body: Buffer): void {
        if (body.length <= smallBytes) return void socket.write(head + body.toString('latin1'), 'latin1');
        socket.cork();
        socket.write(head, 'latin1');
        socket.write(body);
        socket.uncork();
      },
      resume: () => void socket.resume(),
      release(): void {
        user = null;
        // A request that is still on its way out, behind an answer that has come already, is not waited for.
        if (socket.destroyed || socket.writableLength > 0 || idle.length >= mostIdle) socket.destroy();
        else {
          entry.seen = false;
          idle.push(entry);
          // One clock for all, and none while there is nothing to look at.
          looks ??= setInterval(closeUnused, lookMs).unref();
        }
      },
      destroy(): void {
        user = null;
        socket.destroy();
      },
    };
    const entry: IdleConnection = {
      socket,
      seen: false,
      use(next: ConnectionUser): Connection {
        user = next;
        connection.reused = true;
        return connection;
      },
    };
    return connection;
  }

  return {
    take(user, anew) {
      return (anew ? undefined : idle.pop())?.use(user) ?? open(user);
    },
    close() {
      closed = true;
      if (looks !== null) clearInterval(looks);
      for (const socket of all) socket.destroy();
    },
  };
}
