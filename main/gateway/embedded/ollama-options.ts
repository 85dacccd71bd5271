import type { Sampling } from '../../providers/provider.ts';
import { invalid, unsupported, type Reading } from './reading.ts';

export interface OllamaOptions {
  maxTokens: number | null;
  stop: readonly string[];
  sampling: Sampling;
}

type SamplingOf = (value: number) => Sampling;

const numbers: Readonly<Record<string, SamplingOf>> = {
  temperature: (temperature) => ({ temperature }),
  top_p: (topP) => ({ topP }),
  min_p: (minP) => ({ minP }),
  repeat_penalty: (repeatPenalty) => ({ repeatPenalty }),
  presence_penalty: (presencePenalty) => ({ presencePenalty }),
  frequency_penalty: (frequencyPenalty) => ({ frequencyPenalty }),
};
const wholeNumbers: Readonly<Record<string, SamplingOf>> = {
  top_k: (topK) => ({ topK }),
  seed: (seed) => ({ seed }),
};
const penalties = ['repeatPenalty', 'presencePenalty', 'frequencyPenalty'] as const;
/** The engine's own, and Ollama's. */
const penaltyWindow = 64;

/**
 * Ollama's `options`. How a model lies in memory (num_gpu, num_thread, …) is decided by Airdock's settings and its context size
 * was read before; unknown options are ignored, as Ollama does.
 */
export function readOptions(options: Readonly<Record<string, unknown>>): Reading<OllamaOptions> {
  const value: OllamaOptions = { maxTokens: null, stop: [], sampling: {} };
  for (const [name, given] of Object.entries(options)) {
    if (given === null) continue;
    const ofNumber = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
    const ofWhole = Object.hasOwn(wholeNumbers, name) ? wholeNumbers[name] : undefined;
    if (ofNumber || ofWhole || name === 'num_predict') {
      if (typeof given !== 'number' || !Number.isFinite(given)) return invalid(`option "${name}" must be of type ${ofNumber ? 'float32' : 'integer'}`);
      if (ofNumber) Object.assign(value.sampling, ofNumber(given));
      else if (ofWhole) Object.assign(value.sampling, ofWhole(Math.trunc(given)));
      // Below zero: until the model ends, or its context.
      else value.maxTokens = given < 0 ? null : Math.trunc(given);
    } else if (name === 'stop') {
      if (!Array.isArray(given)) return invalid('option "stop" must be of type array');
      const stops = given.filter((stop) => typeof stop === 'string');
      if (stops.length < given.length) return invalid('option "stop" must be of an array of strings');
      value.stop = stops;
    } else if (name === 'typical_p' && given !== 1) {
      return unsupported('option "typical_p" is not supported here');
    }
  }
  const window = options['repeat_last_n'];
  const penalized = penalties.some((name) => value.sampling[name] !== undefined);
  if (penalized && window === 0) for (const name of penalties) delete value.sampling[name];
  else if (penalized && window != null && window !== penaltyWindow) return unsupported(`option "repeat_last_n" is not supported here: it is always ${penaltyWindow}, or 0 for no penalties`);
  return { ok: true, value };
}
