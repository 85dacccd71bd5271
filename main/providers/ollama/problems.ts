import { problem } from '../../../contract/index.ts';
import type { Problem } from '../../../contract/index.ts';
import type { HttpFailure } from '../http.ts';

/** Ollama's own list (llm/status.go) and the two sentences of its older CPU check and of its MLX check. */
const oomTexts = [
  'out of memory',
  'out of device memory',
  'out-of-memory',
  'cudamalloc failed',
  'hipmalloc failed',
  'failed to allocate',
  'allocation failed',
  'not enough memory',
  'insufficient memory',
  'vk_error_out_of_device_memory',
  'erroroutofmemory',
  'requires more system memory',
];

export function isOutOfMemory(message: string): boolean {
  const lower = message.toLowerCase();
  return oomTexts.some((text) => lower.includes(text)) || /model requires .+ but only .+ (?:is|are) available/.test(lower);
}

/** Ollama's words for a runner that the kernel ended: out of memory if the kernel's own count of such kills went up meanwhile. */
export function isKilled(message: string): boolean {
  // Before 0.30 the signal is lost on the way.
  return /signal: killed|exit code -1\b/i.test(message);
}

export function isBadFile(message: string): boolean {
  return /corrupted or incomplete|invalid (?:file )?magic|unknown model architecture|not a gguf/i.test(message);
}

const startOllama = 'Start Ollama: open its app, or run "ollama serve".';
export const startAgain = 'Start Ollama again: open its app, or run "ollama serve".';
export type AddressSource = 'setting' | 'environment' | 'default';

/** Which Ollama is meant: where it answers, and where that is set. */
export interface Asked {
  url: string;
  /** Its id in providers.ollama_hosts; null: it is the one of providers.ollama. */
  further: string | null;
  /** Where the address of the one of providers.ollama comes from: the setting, the variable OLLAMA_HOST, or neither. */
  from: AddressSource;
  /** The variable with its key. */
  keyEnv: string | null;
}

/** What to change for another address. */
function settingOf({ further, from }: Asked): string {
  if (further !== null) return `"host" of ${further} under providers.ollama_hosts`;
  return from === 'environment' ? 'OLLAMA_HOST, from which that address comes (the setting providers.ollama.host counts before it)' : 'providers.ollama.host';
}

const words = {
  version: 'its version',
  ps: 'what it has in memory',
  tags: 'its list of models',
  show: 'the details of a model',
};

/** A look at Ollama that failed, in one sentence. */
export function providerProblem(failure: HttpFailure, server: Asked, asked: keyof typeof words): Problem {
  const { url } = server;
  const checkAddress = `Check ${settingOf(server)}.`;
  const restart = 'Restart Ollama; its log says more.';
  switch (failure.kind) {
    case 'refused':
      return failure.detail === 'ENOTFOUND'
        ? problem('provider-down', `Nothing answers at ${url}: that host is not known.`, checkAddress)
        : problem('provider-down', `Nothing answers at ${url}.`, server.further === null && server.from === 'default' ? startOllama : `Start Ollama there, or check ${settingOf(server)}.`);
    case 'timeout':
      return problem('provider-down', `Ollama at ${url}, asked for ${words[asked]}, did not answer within ${seconds(failure.afterMs)}.`, restart);
    case 'lost':
      return problem('provider-down', `Ollama at ${url} broke off its answer when asked for ${words[asked]}.`, restart);
    case 'aborted':
      return problem('cancelled', 'The look at Ollama was broken off.');
    case 'too-large':
      return problem('provider-down', `The answer from ${url} is too long to be Ollama's.`, checkAddress);
    case 'garbage':
      return problem(
        'provider-down',
        `What answers at ${url} when asked for ${words[asked]} is not what Ollama says (${failure.detail}).`,
        `Another program may use that port: check ${settingOf(server)}.`,
      );
    case 'status':
      return statusProblem(failure.status, failure.message, server, asked);
  }
}

function statusProblem(status: number, message: string | null, server: Asked, asked: keyof typeof words): Problem {
  const { url, further, keyEnv } = server;
  if (further !== null && status === 401) {
    if (keyEnv === null) return problem('bad-key', `The server at ${url} wants a key.`, `Put it into an environment variable and name that in "key_env" of ${further} under providers.ollama_hosts.`);
    return problem('bad-key', `The server at ${url} does not accept the key in the variable ${keyEnv}.`, 'Set the right one where Airdock is started, and start Airdock again.');
  }
  if (status === 401 || status === 403) return problem('provider-down', `The server at ${url} does not let Airdock in (status ${status}).`, `Check ${settingOf(server)}.`);
  // The status by which Airdock refuses what comes back to it.
  if (status === 508) {
    const setting = further === null ? 'providers.ollama.host' : settingOf(server);
    const whence = further === null && server.from === 'environment' ? 'It comes from OLLAMA_HOST. ' : '';
    const hint = `${whence}Set ${setting} to the address at which Ollama itself listens, such as http://127.0.0.1:11434.`;
    return problem('provider-down', `The address of Ollama, ${url}, leads back to Airdock itself.`, hint);
  }
  const said = message === null ? '' : `: ${message}`;
  const hint = status === 404 ? 'Check that it is Ollama that answers there, and its version.' : 'Restart Ollama; its log says more.';
  return problem('provider-down', `Ollama at ${url}, asked for ${words[asked]}, answered with status ${status}${said}.`, hint);
}

/** Ollama's words where it said something, else what happened to the connection; for messages like "…: <words>." */
export function failureWords(failure: HttpFailure): string {
  switch (failure.kind) {
    case 'status':
      return (failure.message ?? `status ${failure.status}`).trim().replace(/\s+/g, ' ').replace(/\.$/, '');
    case 'refused':
      return 'nothing answers';
    case 'lost':
      return 'the connection broke off';
    case 'timeout':
      return `no answer within ${seconds(failure.afterMs)}`;
    case 'garbage':
      return `an answer that is not Ollama's (${failure.detail})`;
    case 'too-large':
      return 'an endless answer';
    case 'aborted':
      return 'cancelled';
  }
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
