import type { InstalledModel } from '../../contract/index.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import type { InstalledStatus } from './installed-status.ts';

export interface FitWords {
  tone: 'good' | 'warn' | 'bad' | 'active' | 'none';
  words: string;
}

/** What the words need to know beyond the model. */
export interface Around {
  /** The name of a model by its id. */
  nameOf(id: string): string | null;
  /** How many models may be in memory. */
  limit: number;
}

/** Whether a model out of memory fits, in plain words. */
export function fitWords(fit: InstalledModel['fit'], { nameOf, limit }: Around): FitWords {
  switch (fit.kind) {
    case 'loaded':
      return { tone: 'active', words: text.installed.inMemory };
    case 'fits':
      return { tone: 'good', words: text.fit.fits };
    case 'evicts': {
      const names = (fit.unload ?? []).map(nameOf).filter((name) => name !== null);
      if (names.length === 0) return { tone: 'warn', words: text.fit.evictsUnknown };
      return { tone: 'warn', words: fit.because === 'limit' ? text.fit.limitEvicts(limit, names) : text.fit.evicts(names) };
    }
    case 'waits':
      return { tone: 'warn', words: text.fit.waits };
    case 'short':
      return { tone: 'bad', words: fit.missing === undefined ? text.fit.shortUnknown : text.fit.short(formatBytes(fit.missing)) };
    case 'too-big':
      return { tone: 'none', words: text.fit.tooBig };
    case 'online':
      return { tone: 'active', words: text.fit.online };
    case 'served':
      return { tone: 'active', words: text.fit.served };
    case 'blocked':
      if (fit.because === 'frozen') return { tone: 'none', words: text.fit.frozen };
      return { tone: 'bad', words: fit.because === 'limit' ? text.fit.limitReached(limit) : text.fit.blocked };
  }
}

/** How an installed model stands, in plain words. `source` is the name of where it comes from. */
export function statusWords(model: InstalledModel, status: InstalledStatus, source: string, around: Around): FitWords {
  switch (status) {
    case 'none':
      return fitWords(model.fit, around);
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
    case 'busy':
      return { tone: 'active', words: text.installed.inUse };
    case 'unloading':
      return { tone: 'active', words: text.installed.unloading };
    case 'stuck':
      return { tone: 'bad', words: text.installed.stuck };
  }
}
