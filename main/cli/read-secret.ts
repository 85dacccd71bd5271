type Input = Pick<NodeJS.ReadStream, 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'resume' | 'pause'>;

/** Ends of a line, and of the input. */
const ENTER = /[\r\n\u0004]/;
const INTERRUPT = '\u0003';
const BACK = /[\b\u007f]/;

/** A line from a person at a terminal, of which nothing is shown; null: interrupted. */
export function readSecret(question: string, input: Input, output: Pick<NodeJS.WriteStream, 'write'>): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const end = (answer: string | null): void => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
      resolve(answer);
    };
    const onData = (chunk: unknown): void => {
      for (const sign of String(chunk)) {
        if (sign === INTERRUPT) return end(null);
        if (ENTER.test(sign)) return end(text);
        text = BACK.test(sign) ? text.slice(0, -1) : text + sign;
      }
    };
    input.setEncoding('utf8');
    input.setRawMode(true);
    input.on('data', onData);
    input.resume();
    // Last: what is pasted in the moment that the question stands there would be shown before.
    output.write(question);
  });
}
