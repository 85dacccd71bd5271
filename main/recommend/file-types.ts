import type { FileFacts, InstalledModel } from '../../contract/index.ts';
import { baseName } from './files/languages.ts';

/** What people set in `models.file_types`: MIME types ("image/png", "image/*") and globs of names ("*.sql", "notes/**"). Pure. */

const isMime = (key: string): boolean => /^(\*|application|audio|font|image|message|model|multipart|text|video)\/(\*|[\w.+-]+)$/.test(key);

/** The model that the settings name for a file: a glob counts before a MIME type, a longer one before a shorter. */
export function namedFor(fileTypes: Readonly<Record<string, string>>, file: Pick<FileFacts, 'name' | 'mime'>): { key: string; model: string } | null {
  const fitting = Object.entries(fileTypes).filter(([key]) => (isMime(key) ? fitsMime(key, file.mime) : file.name !== null && fitsGlob(key, file.name)));
  const [best] = fitting.sort(([a], [b]) => Number(isMime(a)) - Number(isMime(b)) || Number(a.includes('*')) - Number(b.includes('*')) || b.length - a.length || (a < b ? -1 : 1));
  return best ? { key: best[0], model: best[1] } : null;
}

function fitsMime(key: string, mime: string): boolean {
  const [top, sub] = key.toLowerCase().split('/');
  const [ownTop, ownSub] = mime.split('/');
  return (top === '*' || top === ownTop) && (sub === '*' || sub === ownSub);
}

/** Without a slash it is about the name alone; with one, about the end of the path. Case does not count. */
export function fitsGlob(glob: string, name: string): boolean {
  const path = name.replaceAll('\\', '/');
  return glob.includes('/') ? new RegExp(`(?:^|/)${patternOf(glob.replace(/^\.?\//, ''))}$`, 'i').test(path) : new RegExp(`^${patternOf(glob)}$`, 'i').test(baseName(path));
}

function patternOf(glob: string): string {
  const parts = glob.match(/\*+\/?|\?|\{[^{}]*\}|[^*?{]+|\{/g) ?? [];
  return parts
    .map((part) => {
      if (part.startsWith('**')) return part.endsWith('/') ? '(?:[^/]+/)*' : '.*';
      if (part.startsWith('*')) return `[^/]*${part.slice(1)}`;
      if (part === '?') return '[^/]';
      if (/^\{.*\}$/s.test(part)) return `(?:${part.slice(1, -1).split(',').map(literal).join('|')})`;
      return literal(part);
    })
    .join('');
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The installed model of that name, with or without its provider and ":latest". */
export function findNamed(models: readonly InstalledModel[], name: string): InstalledModel | null {
  const fold = (text: string): string => text.trim().toLowerCase().replace(/:latest$/, '');
  const wanted = fold(name);
  return models.find(({ id }) => id === name.trim()) ?? models.find((model) => fold(model.name) === wanted || fold(model.id) === wanted) ?? models.find(({ id }) => fold(id.slice(id.indexOf('/') + 1)) === wanted) ?? null;
}
