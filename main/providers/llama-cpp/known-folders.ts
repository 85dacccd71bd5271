import { stat } from 'node:fs/promises';
import path from 'node:path';

export interface KnownFolder {
  path: string;
  label: string;
}

export interface Surroundings {
  home: string;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}

/**
 * Where other programs keep GGUF files, whether or not the folder exists.
 * Left out: the Hugging Face cache, whose files are links into a blob store, and Ollama's, which its own API lists.
 */
export function candidateFolders({ home, platform, env }: Surroundings): KnownFolder[] {
  const folders: KnownFolder[] = [
    { path: path.join(home, '.lmstudio', 'models'), label: 'LM Studio' },
    { path: path.join(home, '.cache', 'lm-studio', 'models'), label: 'LM Studio' },
  ];
  if (env.LLAMA_CACHE) folders.push({ path: env.LLAMA_CACHE, label: 'llama.cpp' });
  if (platform === 'darwin') {
    const library = path.join(home, 'Library');
    folders.push(
      { path: path.join(library, 'Caches', 'llama.cpp'), label: 'llama.cpp' },
      { path: path.join(library, 'Application Support', 'Jan', 'data', 'llamacpp', 'models'), label: 'Jan' },
    );
  } else if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local');
    const roaming = env.APPDATA ?? path.join(home, 'AppData', 'Roaming');
    folders.push({ path: path.join(local, 'llama.cpp'), label: 'llama.cpp' }, { path: path.join(roaming, 'Jan', 'data', 'llamacpp', 'models'), label: 'Jan' });
  } else {
    const cache = env.XDG_CACHE_HOME ?? path.join(home, '.cache');
    const data = env.XDG_DATA_HOME ?? path.join(home, '.local', 'share');
    folders.push({ path: path.join(cache, 'llama.cpp'), label: 'llama.cpp' }, { path: path.join(data, 'Jan', 'data', 'llamacpp', 'models'), label: 'Jan' });
  }
  folders.push({ path: path.join(home, 'jan', 'models'), label: 'Jan' });
  return folders;
}

/** The candidates that are there. */
export async function findKnownFolders(surroundings: Surroundings): Promise<KnownFolder[]> {
  const candidates = candidateFolders(surroundings);
  const exist = await Promise.all(
    candidates.map(({ path: folder }) =>
      stat(folder).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => exist[index]);
}
