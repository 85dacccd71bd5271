export { resolveHost } from './host.ts';
export { looksDeadlocked } from './load.ts';
export { createOllamaProvider } from './ollama-provider.ts';
export type { OllamaProviderOptions } from './ollama-provider.ts';
