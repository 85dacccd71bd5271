import { expect, it } from 'vitest';
import { GIB, type Plan } from '../../contract/index.ts';
import { judge, type FitFacts } from './fit-words.ts';

const victim = (name: string): Plan['unloads'][number] => ({ id: name, name, ram: GIB, idleMs: 0, expired: false });
const facts = (fit: Plan['fit'], more: Partial<FitFacts> = {}): FitFacts => ({ kind: 'ollama', name: 'm', bytes: 4.7 * GIB, needs: 5.1 * GIB, plan: { fit, unloads: [], problem: null }, diskFree: 100 * GIB, diskEnough: true, installed: false, ...more });

it.each<[FitFacts, string, boolean]>([
  [facts({ kind: 'fits' }, { kind: 'import' }), 'm: 4.7 GB on the disk; needs about 5.1 GB: fits now.', false],
  [facts({ kind: 'fits' }), 'm: 4.7 GB to download; needs about 5.1 GB: fits now.', false],
  [facts({ kind: 'evicts' }, { plan: { fit: { kind: 'evicts' }, unloads: [victim('codellama')], problem: null } }), 'm: 4.7 GB to download; needs about 5.1 GB: fits after unloading codellama.', false],
  [facts({ kind: 'too-big', missing: 3.2 * GIB }), 'm: 4.7 GB to download; needs about 5.1 GB: too big for this computer by 3.2 GB.', true],
  [facts({ kind: 'short', missing: 1.5 * GIB }), 'm: 4.7 GB to download; needs about 5.1 GB: does not fit now, 1.5 GB more would have to be free.', true],
  [facts({ kind: 'fits' }, { diskFree: 2 * GIB, diskEnough: false }), 'm: 4.7 GB to download; needs about 5.1 GB: fits now; only 2.0 GB are free on the disk.', true],
  [facts({ kind: 'fits' }, { bytes: null, needs: null, plan: null, diskEnough: null }), 'm: its size is not told; how much memory it needs cannot be told before.', false],
  [facts({ kind: 'fits' }, { installed: true }), 'm: up to 4.7 GB to download, for it is here already; needs about 5.1 GB: fits now.', false],
])('%#: says it plainly', (given, sentence, warns) => expect(judge(given)).toEqual({ sentence, warns }));
