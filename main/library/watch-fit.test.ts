import { expect, it } from 'vitest';
import type { Plan } from '../../contract/index.ts';
import type { Provider } from '../providers/provider.ts';
import { watchFit } from './watch-fit.ts';

const GB = 1024 ** 3;
const progress = (needs: number | null, more: object = {}) => ({ doneBytes: 0, totalBytes: GB, parts: null, checking: false, needs, ...more });

function watched({ fit = { kind: 'fits' } as Plan['fit'], free = 100 * GB as number | null, folder = '/models' as string | null } = {}) {
  let now = 0;
  const asked: number[] = [];
  const given = { fit };
  const provider = { id: 'ollama', library: { directory: async () => folder } } as unknown as Provider;
  const plan = (_provider: string, _name: string, ram: number) => (asked.push(ram), { fit: given.fit, unloads: [{ name: 'other' }] } as unknown as Plan);
  return { tell: watchFit({ plan, freeDisk: async () => free, now: () => now }, provider, 'm'), asked, given, pass: (ms: number) => (now += ms) };
}

it('says nothing before a size is known, and at once when it is', () => {
  const { tell, asked } = watched({ fit: { kind: 'too-big', missing: GB } });
  expect(tell(progress(null))).toBeNull();
  expect(asked).toEqual([]);
  expect(tell(progress(2 * GB))).toEqual({ needs: 2 * GB, fit: { kind: 'too-big', missing: GB }, unloads: ['other'], diskShort: null, warns: true });
});

it('follows what changes, and makes no plan for each byte that comes', () => {
  const { tell, asked, given, pass } = watched();
  expect(tell(progress(GB))).toMatchObject({ fit: { kind: 'fits' }, warns: false });
  given.fit = { kind: 'short', missing: GB };
  expect(tell(progress(GB, { doneBytes: 5 }))).toMatchObject({ fit: { kind: 'fits' } });
  expect(asked).toEqual([GB]);
  pass(3_000);
  expect(tell(progress(GB))).toMatchObject({ fit: { kind: 'short' }, warns: true });
  // A larger layer is told of: another need.
  expect(tell(progress(3 * GB))).toMatchObject({ needs: 3 * GB });
  expect(asked).toEqual([GB, GB, 3 * GB]);
});

it('says that the disk has no room for what is still to come, where that can be told', async () => {
  const told = async (free: number | null, doneBytes: number, folder: string | null = '/models') => {
    const { tell } = watched({ free, folder });
    await new Promise((resolve) => setImmediate(resolve));
    return tell(progress(GB, { doneBytes }));
  };
  expect(await told(GB / 2, 0)).toMatchObject({ diskShort: GB / 2, warns: true });
  expect(await told(GB / 2, 0.9 * GB)).toMatchObject({ diskShort: null, warns: false });
  expect(await told(null, 0)).toMatchObject({ diskShort: null });
  expect(await told(GB / 2, 0, null)).toMatchObject({ diskShort: null });
});
