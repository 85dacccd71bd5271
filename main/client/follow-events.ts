import { apiPrefix, type ServerEvent } from '../../contract/index.ts';
import { open, type Connection } from './http-call.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** The server sends something at least every 15 s. */
const SILENCE_MS = 45_000;

/**
 * Follows the event stream of an Airdock until the returned function is called. A lost connection is made again, with growing
 * pauses; each connection begins with a snapshot. Does not keep the process alive while it waits to try again.
 */
export function followEvents(connection: Connection, onEvent: (event: ServerEvent) => void, retryMs = FIRST_RETRY_MS): () => void {
  let stopped = false;
  let pause = retryMs;
  let timer: NodeJS.Timeout | undefined;
  let hangUp = (): void => undefined;

  function start(): void {
    const request = open(connection, `${apiPrefix}/events`, 'GET');
    hangUp = () => request.destroy();
    request.setTimeout(SILENCE_MS, () => request.destroy());
    request.on('response', (response) => {
      if (response.statusCode !== 200) return void response.resume();
      let buffer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        buffer += chunk;
        const blocks = buffer.split('\n\n');
        buffer = blocks.pop() ?? '';
        for (const block of blocks) {
          if (stopped || !block.startsWith('data: ')) continue;
          pause = retryMs;
          onEvent(JSON.parse(block.slice('data: '.length)) as ServerEvent);
        }
      });
      response.on('error', () => undefined);
    });
    request.on('error', () => undefined);
    request.on('close', () => {
      if (stopped) return;
      timer = setTimeout(start, pause);
      timer.unref();
      pause = Math.min(pause * 2, LAST_RETRY_MS);
    });
    request.end();
  }

  start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    hangUp();
  };
}
