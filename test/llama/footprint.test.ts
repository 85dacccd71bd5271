import { describe, expect, it } from 'vitest';
import { load, MIB, readResident, testProvider, unload } from './helpers.ts';

describe('the estimate from the header', () => {
  it.each(['sample-small', 'sample-medium', 'sample-large'])('of %s is within 3 per cent of what is measured', async (name) => {
    const provider = testProvider({ contextLengthFor: () => 4096 });
    const { model, loaded, pid } = await load(provider, name);
    const resident = readResident(pid);
    const inMib = (bytes: number) => Math.round(bytes / MIB);
    console.info(`${name}: estimated ${inMib(model.estimate.ram)}, measured ${inMib(loaded.footprint.ram)}, resident ${inMib(resident?.anon ?? 0)} + ${inMib(resident?.file ?? 0)} MiB`);
    expect(model.estimate.ram / loaded.footprint.ram).toBeGreaterThan(0.97);
    expect(model.estimate.ram / loaded.footprint.ram).toBeLessThan(1.03);
    await unload(provider, model.weights);
  });

  it('covers the scratch memory that only a long prompt touches', async () => {
    const provider = testProvider({ contextLengthFor: () => 4096 });
    const { model, loaded, pid } = await load(provider, 'sample-small');
    const before = readResident(pid);
    expect(await provider.generate({ id: model.id, prompt: 'ba '.repeat(520), maxTokens: 2, signal: new AbortController().signal })).toMatchObject({ ok: true });
    const after = readResident(pid);
    if (!before || !after) throw new Error('no process');
    expect(after.anon).toBeGreaterThan(before.anon + 4 * MIB);
    expect(after.anon + after.file).toBeLessThan(loaded.footprint.ram + 4 * MIB);
  });
});
