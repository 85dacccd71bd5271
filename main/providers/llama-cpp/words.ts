import { formatBytes, problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { LoadOutcome } from '../provider.ts';
import type { Ending, StartOutcome } from './model-process.ts';
import { saysOutOfMemory } from './oom.ts';

type FailedLoad = Extract<LoadOutcome, { ok: false }>;

/** Why a load failed, from what the child said or how it died. */
export function explainFailure(name: string, needed: number, { failed, ending }: Extract<StartOutcome, { ok: false }>): FailedLoad {
  const said = failed ? [failed.message, ...failed.log].join('\n') : ending.errorText;
  if (failed?.stage === 'engine') return { ok: false, kind: 'provider-down', problem: noEngine(failed.message) };
  if (ending.oomKilled || saysOutOfMemory(said)) {
    return {
      ok: false,
      kind: 'oom',
      problem: problem('out-of-memory', `${name} did not fit into memory while it was loading (about ${formatBytes(needed)} expected).`, 'Unload another model or close some programs, then try again.'),
    };
  }
  const architecture = /unknown model architecture: '([^']*)'/.exec(said)?.[1];
  if (architecture !== undefined) {
    return {
      ok: false,
      kind: 'failed',
      problem: problem('bad-file', `${name} is a model of the kind "${architecture}", which this version of llama.cpp cannot run.`, 'Update Airdock, or use another version of the model.'),
    };
  }
  if (failed) return { ok: false, kind: 'failed', problem: problem('load-failed', `${name} could not be loaded: ${lastError(failed.log) ?? sentencePart(failed.message)}.`, 'Check the file, for example by downloading it again.') };
  return { ok: false, kind: 'failed', problem: problem('load-failed', `The process of ${name} ended while it was loading (${howItEnded(ending)}).`, 'Try again; if it happens every time, the file may be damaged.') };
}

/** A model that was ready and died by itself. */
export function explainCrash(name: string, ending: Ending): Problem {
  if (ending.oomKilled) return problem('out-of-memory', `${name} left memory: the system ended its process because memory ran out.`, 'Load it again when there is more room, or with a smaller context.');
  if (saysOutOfMemory(ending.errorText)) return problem('out-of-memory', `${name} left memory: it ran out of memory while it worked.`, 'Load it again when there is more room, or with a smaller context.');
  return problem('internal', `The process of ${name} ended unexpectedly (${howItEnded(ending)}).`, 'Load it again; nothing else was affected.');
}

export function noEngine(message: string): Problem {
  return problem('provider-down', `llama.cpp cannot run on this computer: ${sentencePart(message)}.`, 'GGUF models need a 64-bit system that node-llama-cpp has a build for; models of other programs are not affected.');
}

function howItEnded({ code, signal }: Ending): string {
  if (signal !== null) return `ended by signal ${signal}`;
  return code === null ? 'it could not be started' : `exit code ${code}`;
}

/** llama.cpp's last word of substance, without the name of the function that said it. */
function lastError(log: readonly string[]): string | null {
  const lines = log.map((line) => line.replace(/^[\w.]+: */, '').replace(/^error (loading|reading) model: */i, '')).filter((line) => line.length > 8 && !/failed to load model/i.test(line));
  const last = lines.at(-1);
  return last === undefined ? null : sentencePart(last);
}

function sentencePart(text: string): string {
  return (text.split('\n')[0] ?? '').trim().replace(/[.\s]+$/, '');
}
