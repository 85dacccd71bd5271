import { formatBytes } from '../text/format.ts';
import type { InstalledModel } from '../../contract/index.ts';
import { text } from '../text/text.ts';

export interface FitWords {
  tone: 'good' | 'warn' | 'bad' | 'none';
  words: string;
}

/** Whether a model fits, in plain words; `nameOf` finds the name of a model in memory by its id. */
export function fitWords(model: InstalledModel, nameOf: (id: string) => string | null): FitWords {
  if (model.problem !== null) return { tone: 'bad', words: text.fit.broken };
  const { fit } = model;
  switch (fit.kind) {
    case 'loaded':
      return { tone: 'none', words: text.installed.inMemory };
    case 'fits':
      return { tone: 'good', words: text.fit.fits };
    case 'evicts': {
      const names = (fit.unload ?? []).map(nameOf).filter((name) => name !== null);
      return { tone: 'warn', words: names.length > 0 ? text.fit.evicts(names) : text.fit.evictsUnknown };
    }
    case 'waits':
      return { tone: 'warn', words: text.fit.waits };
    case 'short':
      return { tone: 'bad', words: fit.missing === undefined ? text.fit.shortUnknown : text.fit.short(formatBytes(fit.missing)) };
    case 'too-big':
      return { tone: 'bad', words: text.fit.tooBig };
    case 'blocked':
      return { tone: 'bad', words: text.fit.blocked };
  }
}
