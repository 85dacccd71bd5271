import type { ServerResponse } from 'node:http';

/**
 * answered: the whole answer has come from there (the client may still be reading it) · broken: it broke off, and so did the
 * client's · gone: the client left · unreachable: nothing came, and nothing was told to the client.
 */
export type Forwarded = { kind: 'answered'; status: number } | { kind: 'broken' } | { kind: 'gone' } | { kind: 'unreachable'; detail: string };

/** A connection that was idle for too long breaks at the first byte; later it was the server that broke. */
export const staleMs = 1_000;
export const longestError = 64 * 1024;

/** What came before is still delivered; then the connection ends without the end of the answer, as it did over there. */
export function breakOff(response: ServerResponse): void {
  const { socket } = response;
  if (socket) socket.destroySoon();
  else response.destroy();
}

/** Settles once; and when the client leaves before that, `drop` ends what was going on for it. */
export function settleOnce(response: ServerResponse, resolve: (outcome: Forwarded) => void, drop: () => void): { settle(outcome: Forwarded): void; settled(): boolean } {
  let settled = false;
  const settle = (outcome: Forwarded): void => {
    if (settled) return;
    settled = true;
    response.off('close', left);
    resolve(outcome);
  };
  const left = (): void => {
    settle({ kind: 'gone' });
    drop();
  };
  response.on('close', left);
  return { settle, settled: () => settled };
}
