/** Ollama's own routes: one text. */
export function ollamaError(message: string): unknown {
  return { error: message };
}
