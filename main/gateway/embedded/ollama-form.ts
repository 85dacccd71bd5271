import { ollamaError } from '../ollama/errors.ts';
import type { TextDone, TextForm } from './answer-text.ts';

/** Ollama's answers to /api/generate and /api/chat: one JSON object for each piece and a last one with the counts, or only that. */
export function ollamaForm(route: 'generate' | 'chat', model: string): TextForm {
  const object = (text: string, more: object): object => {
    const content = route === 'chat' ? { message: { role: 'assistant', content: text } } : { response: text };
    return { model, created_at: new Date().toISOString(), ...content, ...more };
  };
  return {
    streamType: 'application/x-ndjson',
    begin: () => '',
    piece: (text) => line(object(text, { done: false })),
    end: (done) => line(object('', ending(done))),
    failed: (text) => line(ollamaError(text)),
    whole: (text, done) => object(text, ending(done)),
  };
}

/** What a request without anything to answer gets when its model is in memory. */
export function loadedAnswer(route: 'generate' | 'chat', model: string): unknown {
  const content = route === 'chat' ? { message: { role: 'assistant', content: '' } } : { response: '' };
  return { model, created_at: new Date().toISOString(), ...content, done: true, done_reason: 'load' };
}

/** Ollama counts in nanoseconds. */
export function nanoseconds(ms: number): number {
  return Math.round(ms * 1e6);
}

function ending({ finish, totalMs, loadMs, promptTokens, promptMs, completionTokens, completionMs }: TextDone): object {
  return {
    done: true,
    done_reason: finish,
    total_duration: nanoseconds(totalMs),
    load_duration: nanoseconds(loadMs),
    prompt_eval_count: promptTokens,
    prompt_eval_duration: nanoseconds(promptMs),
    eval_count: completionTokens,
    eval_duration: nanoseconds(completionMs),
  };
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
