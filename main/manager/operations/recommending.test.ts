import { describe, expect, it } from 'vitest';
import type { OperationInput } from '../../../contract/index.ts';
import { operations } from '../../../contract/index.ts';
import { createManagerFixture } from '../../../test/manager-fixture.ts';
import { catalogModel } from '../../../test/scripted-provider.ts';

type Fixture = Awaited<ReturnType<typeof createManagerFixture>>;

const recommend = ({ operations: handlers, context }: Fixture, input: OperationInput<'recommend'>) => handlers.recommend(operations.recommend.input.parse(input), context);

async function load({ operations: handlers, context, script }: Fixture, model: string): Promise<void> {
  const answer = handlers.load({ model }, context);
  await expect.poll(() => script('p').loads.some((call) => call.request.model.id === `p/${model}`)).toBe(true);
  script('p').endLoad();
  expect((await answer).ok).toBe(true);
}

const chat = { capabilities: ['completion'], parameterSize: '8B' };

describe('recommend', () => {
  it('answers from what is installed, in memory, and in the settings', async () => {
    const fixture = await createManagerFixture({
      models: [catalogModel('p/talker', 4, chat), catalogModel('p/my-coder', 4, chat), catalogModel('p/eyes', 4, { capabilities: ['completion', 'vision'], parameterSize: '3B' })],
      config: { models: { file_types: { '*.txt': 'eyes' } } },
    });
    await load(fixture, 'talker');
    const answer = await recommend(fixture, {
      files: [{ name: 'a.md', mime: 'text/markdown', sizeBytes: 100 }, { name: 'b', head: Buffer.from('#!/usr/bin/python3\n').toString('base64'), sizeBytes: 100 }, { name: 'c.txt', sizeBytes: 100, mime: 'text/plain' }, { head: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64') }, { name: 'd.zip' }],
    });
    expect(operations.recommend.output.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ ok: true, value: { recommendations: [{ model: { name: 'talker', canLoad: true, loaded: { name: 'talker' } } }, { file: { language: 'Python' }, model: { name: 'my-coder' } }, { model: { name: 'eyes' }, chosenBy: 'settings' }, { model: { name: 'eyes' }, chosenBy: 'rules' }, { model: null }], left: [4], loads: 2, groups: [{ name: 'talker', loads: false }, { name: 'eyes', files: [2, 3] }, { name: 'my-coder' }] } });
    expect(await recommend(fixture, { task: 'code' })).toMatchObject({ ok: true, value: { recommendations: [{ file: null, model: { name: 'my-coder' } }], groups: [] } });
    expect(await recommend(fixture, {})).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('chooses online models of a server with allow_online alone, and says that data leaves', async () => {
    const server = (change: object) => ({ id: 'cloud', base_url: 'https://api.example.com/v1', ...change });
    const fixture = await createManagerFixture({ models: [catalogModel('p/talker', 4, chat), catalogModel('cloud/huge', 0, { capabilities: ['completion'], parameterSize: '400B', elsewhere: 'online' })], config: { providers: { openai: [server({})] } } });
    const chosen = async (more: object = {}) => {
      const answer = await recommend(fixture, { files: [{ mime: 'text/plain', sizeBytes: 100 }], ...more });
      const model = answer.ok ? answer.value.recommendations[0]?.model : null;
      return [model?.name, model?.online ?? false, model?.reason.includes('leaves this computer')];
    };
    expect(await chosen()).toEqual(['talker', false, false]);
    expect(await chosen({ allowOnline: true })).toEqual(['huge', true, true]);
    await fixture.config.set({ 'providers.openai': [server({ allow_online: true })] }, 'test');
    expect(await chosen()).toEqual(['huge', true, true]);
  });

  it('asks a model in memory where the settings say so, and holds it meanwhile only', async () => {
    const fixture = await createManagerFixture({ models: [catalogModel('p/one', 4, chat), catalogModel('p/two', 4, chat)], config: { models: { recommend_with_model: true } } });
    const files = [{ mime: 'text/plain', sizeBytes: 100 }];
    fixture.script('p').text = '{"model": 2}';
    expect(await recommend(fixture, { files })).toMatchObject({ ok: true, value: { recommendations: [{ chosenBy: 'rules' }] } });
    expect(fixture.script('p').loads).toHaveLength(0);
    await load(fixture, 'one');
    expect(await recommend(fixture, { files })).toMatchObject({ ok: true, value: { recommendations: [{ chosenBy: 'model', model: { name: 'two' } }] } });
    expect(fixture.engine.state.leases.size).toBe(0);
  });

  it('takes no path, and not too much of a file', () => {
    const { input } = operations.recommend;
    expect(input.strict().safeParse({ files: [{ head: Buffer.alloc(65_536).toString('base64') }] }).success).toBe(true);
    expect(input.strict().safeParse({ files: [{ head: Buffer.alloc(65_540).toString('base64') }] }).success).toBe(false);
    expect(input.strict().safeParse({ files: [{ head: 'no base64!' }] }).success).toBe(false);
    expect(input.strict().safeParse({ paths: ['/etc/passwd'] }).success).toBe(false);
    expect(input.strict().safeParse({ files: [{ path: '/etc/passwd' }] }).success).toBe(false);
  });
});

/** The same sequence for the same seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

it.for(Array.from({ length: 40 }, (_, seed) => seed))('what it says about loading is what the manager then does (seed %i)', async (seed) => {
  const random = randomFrom(seed);
  const models = Array.from({ length: 2 + random(5) }, (_, index) =>
    catalogModel(`p/m${index}`, 1 + random(14), { parameterSize: `${1 + random(30)}B`, capabilities: ['completion'], maxContextLength: [2_048, 8_192, 65_536][random(3)] ?? null, sizeBytes: 1 }),
  );
  const fixture = await createManagerFixture({ models, available: 4 + random(20), config: { models: { max_concurrent_loaded: 1 + random(3) } } });
  const { operations: handlers, context, clock, engine, script } = fixture;
  // Some come into memory; of these some are used, and some have been idle for too long or not.
  for (const { providerName } of models.slice(0, random(4))) {
    const answer = handlers.load({ model: providerName }, context);
    await expect.poll(async () => script('p').loads.some((call) => call.request.model.providerName === providerName) || (await Promise.race([answer, null])) !== null).toBe(true);
    if (script('p').loads.some((call) => call.request.model.providerName === providerName)) script('p').endLoad();
    const loaded = await answer;
    if (loaded.ok && random(3) === 0) await handlers.acquire({ model: providerName, holder: 'somebody', ttlMs: 300_000 }, context);
    clock.now += random(5_000);
  }
  await recommend(fixture, { task: 'chat' });

  const sizeBytes = 1 + random(60_000);
  const answer = await recommend(fixture, { files: [{ mime: 'text/plain', sizeBytes }] });
  if (!answer.ok) throw new Error(answer.problem.message);
  const [told] = answer.value.recommendations;
  if (!told?.model) throw new Error('None was recommended.');
  const before = script('p').loads.length + script('p').unloads.length;
  let refused: string | null = null;
  let done = false;
  void handlers.load({ model: told.model.id, ...(told.model.contextLength === null ? {} : { contextLength: told.model.contextLength }) }, context).then((outcome) => {
    done = outcome.ok;
    refused = outcome.ok ? null : outcome.problem.code;
  });
  const began = (): boolean => done || script('p').loads.length + script('p').unloads.length > before || engine.state.jobs.size > 0;
  await expect.poll(() => refused !== null || began()).toBe(true);
  // What waits for others has not been refused either: it was told as such.
  expect({ seed, fit: told.model.fit.kind, refused: refused !== null }).toEqual({ seed, fit: told.model.fit.kind, refused: !told.model.canLoad && told.model.fit.kind !== 'waits' });
});
