import path from 'node:path';

/** Where the sample models are kept; the one folder that is searched without being configured. */
export function samplesDirectory(dataDir: string): string {
  return path.join(dataDir, 'models', 'samples');
}
