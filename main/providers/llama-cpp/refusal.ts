import type { RequestFailure } from './messages.ts';

/** A request that a model's process does not carry out. The words of `bad-request` are a whole sentence, those of `generate-failed` the rest of one. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RequestFailure['code'];

  constructor(code: RequestFailure['code'], message: string) {
    super(message);
    this.code = code;
  }
}
