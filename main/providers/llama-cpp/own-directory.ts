import path from 'node:path';

/** Airdock's own folder of models: what it has downloaded or taken in. Searched without being configured; only here does it delete. */
export function ownModelsDirectory(dataDir: string): string {
  return path.join(dataDir, 'models', 'library');
}
