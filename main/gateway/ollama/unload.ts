import { sendJson, type Call } from '../call.ts';

/** What Ollama says to a request that only wants a model unloaded: yes, whatever becomes of it. */
export function answerUnload(call: Call, model: string): void {
  const content = call.path === '/api/chat' ? { message: { role: 'assistant', content: '' } } : { response: '' };
  sendJson(call, 200, { model, created_at: new Date().toISOString(), ...content, done: true, done_reason: 'unload' });
}
