import { expect, it } from 'vitest';
import { problem, type DiskUsage, type InstalledModel, type ModelDetails } from '../../../contract/index.ts';
import { installedModelFixture } from '../../../test/snapshot-fixture.ts';
import type { Context } from '../context.ts';
import { exits } from '../exits.ts';
import { detailsText, du, show, usageText } from './files.ts';

const MB = 1024 ** 2;
const details: ModelDetails = {
  id: 'ollama/llama3.2:latest', name: 'llama3.2', architecture: 'llama', parameterSize: '3.2B', quantization: 'Q4_K_M', maxContextLength: 131_072, kvBytesPerToken: 32 * 1024,
  contexts: [{ contextLength: 2048, ram: 2300 * MB }, { contextLength: 8192, ram: 3000 * MB }], files: [], projector: null, folder: '/ollama/models', lastUsed: null, license: null, digest: 'abc123', deletable: true, keptBecause: null,
};
const model: InstalledModel = installedModelFixture({ id: details.id, name: 'llama3.2', provider: 'ollama', sizeBytes: 2000 * MB, contextLength: 4096, capabilities: ['completion', 'tools'] });
const usage: DiskUsage = {
  models: [
    { id: 'ollama/big', name: 'big', also: ['grand'], provider: 'ollama', bytes: 4000 * MB, lastUsed: null, unused: false },
    { id: 'ollama/old', name: 'old', also: [], provider: 'ollama', bytes: 1024 * MB, lastUsed: Date.parse('2026-01-15T12:00:00Z'), unused: true },
  ],
  totalBytes: 5024 * MB, unusedBytes: 1024 * MB, neverBytes: 4000 * MB, places: [{ provider: 'ollama', folder: '/ollama/models', bytes: 5024 * MB, free: 9000 * MB }],
};

/** A command line with an Airdock that gives these answers. */
function typed(answers: Record<string, unknown>, json = false) {
  const printed: string[] = [];
  const noted: string[] = [];
  const manager = { call: async (operation: string) => answers[operation], getStatus: async () => ({ models: [model] }) };
  const context = { args: ['llama3.2'], json, terminal: { print: (text: string) => printed.push(text), note: (text: string) => noted.push(text) }, airdock: async () => manager } as unknown as Context;
  return { context, printed, noted };
}

it('airdock show has what the files tell, a line each', () => {
  expect(detailsText(details, model)).toEqual([
    'llama3.2 (ollama)',
    '  Architecture      llama, 3.2B',
    '  Quantisation      Q4_K_M',
    '  Context           4,096 tokens, made for 131,072 tokens',
    '  Per 1,000 tokens  31 MB',
    '  Memory            about 2.2 GB with 2,048 tokens',
    '                    about 2.9 GB with 8,192 tokens',
    '  Can               completion, tools',
    '  On disk           2.0 GB',
    '  Where             /ollama/models',
    '  Digest            abc123',
    '  Last used         Airdock has seen no use of it',
  ]);
});

it('airdock show names the parts of a split model, what reads images, and why it is not deleted', () => {
  const parts = ['/m/big-00001-of-00002.gguf', '/m/big-00002-of-00002.gguf'].map((path) => ({ path, bytes: MB }));
  const text = detailsText({ ...details, files: parts, folder: '/m', projector: { path: '/m/mmproj.gguf', bytes: MB }, lastUsed: Date.parse('2026-01-15T12:00:00Z'), keptBecause: problem('forbidden', 'It is yours.') }, undefined).join('\n');
  for (const words of ['2, beginning with /m/big-00001-of-00002.gguf', '/m/mmproj.gguf (1 MB) belongs to it', 'does not use that file yet', 'It is yours.', '2026-01-15']) expect(text).toContain(words);
});

it('airdock show and du print one document for scripts, and say why they cannot', async () => {
  const json = typed({ modelDetails: { ok: true, value: details } }, true);
  expect(await show(json.context)).toBe(exits.done);
  expect(JSON.parse(json.printed[0]!)).toMatchObject({ ...details, provider: 'ollama', sizeBytes: 2000 * MB, capabilities: ['completion', 'tools'] });
  const none = typed({ modelDetails: { ok: false, problem: problem('unknown-model', 'There is no such model.') } });
  expect(await show(none.context)).toBe(exits.refused);
  expect([none.printed, none.noted]).toEqual([[], ['There is no such model.']]);
  const used = typed({ diskUsage: { ok: true, value: usage } }, true);
  expect(await du(used.context)).toBe(exits.done);
  expect(JSON.parse(used.printed[0]!)).toEqual(usage);
});

it('airdock du lists models, what was not used for long, and the disks', () => {
  expect(usageText(usage)).toEqual([
    'NAME              ON DISK  LAST USED',
    'big (also grand)   3.9 GB  no use seen',
    'old                1.0 GB  2026-01-15   not for 30 days',
    '',
    'All                   4.9 GB  2 models',
    'Not used for 30 days  1.0 GB  1 model',
    'No use seen           3.9 GB  1 model',
    '/ollama/models        4.9 GB  8.8 GB free on that disk',
    '',
    '"airdock rm NAME" deletes one.',
  ]);
  // It may be another computer, or one here that may not be looked into.
  expect(usageText({ ...usage, places: [{ provider: 'ollama', folder: null, bytes: 5024 * MB, free: null }] }).at(-3)).toBe('ollama, folder not known  4.9 GB');
  expect(usageText({ ...usage, models: [] })).toEqual(['No models are installed yet. "airdock pull" gets one.']);
});
