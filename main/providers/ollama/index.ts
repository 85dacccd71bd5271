export { resolveHost } from './host.ts';
export { looksDeadlocked } from './load.ts';
export { createOllamaProvider } from './ollama-provider.ts';
export { createUnusableOllama } from './unusable.ts';
export type { OllamaProviderOptions } from './ollama-provider.ts';
