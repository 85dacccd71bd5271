import path from 'node:path';

/** A file that lets a model read images; not a model by itself. */
export interface Projector {
  path: string;
  bytes: number;
}

interface Candidate {
  /** The first file of the model. */
  file: string;
  name: string;
}

/** "mmproj-Qwen2-VL-2B-Instruct-f16" → the words that it shares with its model's name. */
function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .split(/[^a-z0-9.]+/)
    .filter((word) => word !== '' && word !== 'mmproj' && word !== 'projector' && word !== 'model' && !/^(?:i?q\d\S*|b?f(?:16|32)|k|m|s|l|xs|xxs)$/.test(word));
}

/**
 * Which projector belongs to which model: one in the same folder, the one with the most words of its name in common; where a
 * folder has a single model, that one. `projectors` and the result: by the model's file.
 */
export function pairProjectors(models: readonly Candidate[], projectors: readonly Projector[]): Map<string, Projector> {
  const paired = new Map<string, { projector: Projector; score: number }>();
  for (const projector of projectors) {
    const beside = models.filter((model) => path.dirname(model.file) === path.dirname(projector.path));
    const words = new Set(wordsOf(path.basename(projector.path)));
    for (const model of beside) {
      const own = wordsOf(path.basename(model.file));
      const shared = own.filter((word) => words.has(word)).length;
      // All of a short name, or most of a long one: "llama" alone pairs nothing with everything.
      const related = shared > 0 && shared * 2 > Math.min(own.length, words.size);
      const score = related ? shared / Math.max(own.length, words.size) : beside.length === 1 ? 0.01 : 0;
      if (score > (paired.get(model.file)?.score ?? 0)) paired.set(model.file, { projector, score });
    }
  }
  return new Map([...paired].map(([file, { projector }]) => [file, projector]));
}
