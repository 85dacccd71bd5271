/** How many models Ollama keeps where nobody has set OLLAMA_MAX_LOADED_MODELS, `3 * max(gpu_count, 1)` (sched.go). It cannot be asked for. */
export const ollamaModelsPerCard = 3;

export const ollamaStandardLimit = (cards: number): number => ollamaModelsPerCard * Math.max(1, cards);
