import type { ServerResponse } from 'node:http';

/** A streamed answer on its way to the client. */
export interface TextStream {
  push(text: string): void;
  end(last: string): void;
}

/**
 * Writes each piece of text as soon as the client takes it. The model does not wait for a slow reader, for others wait for the
 * model: what comes meanwhile is kept as plain text and sent as one piece. So no more is ever held than what one answer can
 * have, which the model's context bounds (a few bytes per token), and the model is free when it has finished, not when the
 * client has read.
 */
export function createTextStream(response: ServerResponse, frame: (text: string) => string): TextStream {
  let held = '';
  const flush = (): void => {
    if (held === '' || response.destroyed) return;
    const piece = held;
    held = '';
    response.write(frame(piece));
  };
  response.on('drain', flush);
  return {
    push(text) {
      held += text;
      if (!response.writableNeedDrain) flush();
    },
    end(last) {
      response.off('drain', flush);
      flush();
      response.end(last);
    },
  };
}
