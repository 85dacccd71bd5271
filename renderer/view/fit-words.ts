import type { InstalledModel } from '../../contract/index.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import type { InstalledStatus } from './installed-status.ts';

export interface FitWords {
  tone: 'good' | 'warn' | 'bad' | 'active' | 'none';
  words: string;
}

/** Whether a model out of memory fits, in plain words; `nameOf` finds the name of a model by its id. */
export function fitWords(fit: InstalledModel['fit'], nameOf: (id: string) => string | null): FitWords {
  switch (fit.kind) {
    case 'loaded':
      return { tone: 'active', words: text.installed.inMemory };
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
      return { tone: 'none', words: text.fit.tooBig };
    case 'blocked':
      return { tone: 'bad', words: text.fit.blocked };
  }
}

/** How an installed model stands, in plain words. `source` is the name of where it comes from. */
export function statusWords(model: InstalledModel, status: InstalledStatus, source: string, nameOf: (id: string) => string | null): FitWords {
  switch (status) {
    case 'none':
      return fitWords(model.fit, nameOf);
    case 'broken':
      return { tone: 'none', words: text.fit.broken };
    case 'absent':
      return { tone: 'none', words: text.unavailable.absent(source) };
    case 'unavailable':
      return { tone: 'none', words: text.unavailable.row(source) };
    case 'off':
      return { tone: 'none', words: text.unavailable.off(source) };
    case 'reserved':
      return { tone: 'active', words: text.installed.waiting };
    case 'loading':
      return { tone: 'active', words: text.installed.loading };
    case 'ready':
      return { tone: 'active', words: text.installed.inMemory };
    case 'in-use':
      return { tone: 'active', words: text.installed.inUse };
    case 'unloading':
      return { tone: 'active', words: text.installed.unloading };
    case 'stuck':
      return { tone: 'bad', words: text.installed.stuck };
  }
}
