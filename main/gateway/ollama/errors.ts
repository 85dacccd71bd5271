/** Ollama's own routes: one text. Its command line shows of a 401 only what is under `status`, and else a word about the server's log. */
export function ollamaError(message: string, status?: number): unknown {
  return status === 401 ? { error: message, status: message } : { error: message };
}
