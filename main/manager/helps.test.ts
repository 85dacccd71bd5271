import { describe, expect, it } from 'vitest';
import { GIB, type Plan } from '../../contract/index.ts';
import { gb } from '../../test/core-fixture.ts';
import { createManagerFixture, settled, type EngineFixtureOptions } from '../../test/manager-fixture.ts';
import { catalogModel } from '../../test/scripted-provider.ts';

const llama = { family: 'llama', parameterSize: '8B' };
const token = GIB / 1024;
const q8 = catalogModel('p/q8', 40, { ...llama, quantization: 'Q8_0' });

async function helps(options: Partial<EngineFixtureOptions> & { models: EngineFixtureOptions['models'] }, ask: { contextLength?: number } = {}): Promise<Plan['helps']> {
  const { operations, context, memory } = await createManagerFixture({ available: 10, ...options });
  memory.programs = [{ name: 'browser', bytes: gb(9) }, { name: 'editor', bytes: gb(5) }, { name: 'mail', bytes: gb(1) }];
  const planned = await operations.plan({ model: options.models[0]!.id, ...ask }, context);
  if (!planned.ok) throw new Error(planned.problem.message);
  return planned.value.helps;
}

describe('what would make it fit', () => {
  it('is the largest half of the context that does, priced like the load itself', async () => {
    const big = catalogModel('p/big', 26, { contextLength: 16_384, kvBytesPerToken: token });
    expect(await helps({ models: [big], available: 20 })).toMatchObject([{ kind: 'context', contextLength: 8_192, ram: gb(18) }, { kind: 'program' }]);
    expect(await helps({ models: [big], available: 15 })).toMatchObject([{ kind: 'context', contextLength: 4_096, ram: gb(14) }]);
    expect(await helps({ models: [big], available: 12 })).toMatchObject([{ kind: 'context', contextLength: 2_048, ram: gb(12) }]);
    // 1024 tokens would fit, and be of no use.
    expect(await helps({ models: [big], available: 11.5 })).toEqual([]);
  });

  it('starts from the context that was asked for', async () => {
    const big = catalogModel('p/big', 8, { contextLength: 4_096, kvBytesPerToken: token });
    expect(await helps({ models: [big] }, { contextLength: 32_768 })).toMatchObject([{ kind: 'context', contextLength: 4_096, ram: gb(8) }]);
    expect(await helps({ models: [{ ...big, kvBytesPerToken: null }], available: 4 })).toEqual([{ kind: 'program', name: 'editor', bytes: gb(5) }, { kind: 'program', name: 'browser', bytes: gb(9) }]);
  });

  it('is the same model in fewer bits, where that is installed and fits: the largest first', async () => {
    const others = [
      catalogModel('p/q2', 3, llama),
      catalogModel('p/q4', 6, llama),
      catalogModel('p/q4-again', 6, { ...llama, weights: 'p/q4' }),
      catalogModel('p/q5', 9, llama),
      catalogModel('p/q6', 20, llama),
      catalogModel('p/q8-alias', 40, { ...llama, weights: q8.weights }),
      catalogModel('p/other', 2, { ...llama, family: 'qwen' }),
      catalogModel('p/smaller', 2, { ...llama, parameterSize: '1B' }),
    ];
    expect(await helps({ models: [q8, ...others] })).toEqual([
      { kind: 'model', id: 'p/q5', name: 'q5', ram: gb(9) },
      { kind: 'model', id: 'p/q4', name: 'q4', ram: gb(6) },
    ]);
    expect(await helps({ models: [{ ...q8, family: null }, ...others] })).toEqual([]);
    expect(await helps({ models: [q8, ...others], config: { models: { overrides: { 'p/q5': { enabled: false }, 'p/q4': { enabled: false }, 'p/q4-again': { enabled: false } } } } })).toEqual([{ kind: 'model', id: 'p/q2', name: 'q2', ram: gb(3) }]);
  });

  it('is closing a program that holds enough, the smallest first; never for what is too big for the computer', async () => {
    expect(await helps({ models: [catalogModel('p/a', 14)] })).toEqual([
      { kind: 'program', name: 'editor', bytes: gb(5) },
      { kind: 'program', name: 'browser', bytes: gb(9) },
    ]);
    expect(await helps({ models: [q8] })).toEqual([]);
  });

  it('is at most four things, and told with a refusal too', async () => {
    const big = catalogModel('p/big', 14, { ...llama, contextLength: 8_192, kvBytesPerToken: token });
    const models = [big, catalogModel('p/q4', 6, llama), catalogModel('p/q2', 3, llama)];
    const kinds = ['context', 'model', 'model', 'program'];
    expect((await helps({ models })).map((help) => help.kind)).toEqual(kinds);
    const { operations, context, memory } = await createManagerFixture({ models, available: 10 });
    memory.programs = [{ name: 'browser', bytes: gb(9) }];
    const answer = operations.load({ model: 'big' }, context);
    await settled();
    expect(await answer).toMatchObject({ ok: false, plan: { helps: kinds.map((kind) => ({ kind })) } });
    expect((await operations.plan({ model: 'q4' }, context)).ok && (await operations.plan({ model: 'q4' }, context))).toMatchObject({ value: { helps: [] } });
  });
});
