import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogModel } from '../../test/scripted-provider.ts';
import { nearest, resolveForProgram, resolveName, shortNames } from './names.ts';

const list = (...ids: string[]) => ids.map((id) => catalogModel(id));
const shortOf = (...ids: string[]) => Object.fromEntries(shortNames(list(...ids)));
const resolved = (models: ReturnType<typeof list>, name: string) => {
  const found = resolveName(models, name);
  return found.ok ? found.model.id : found.problem;
};

describe('short names', () => {
  it.each<[string, string[], Record<string, string>]>([
    ['leave out the provider and :latest', ['ollama/llama3.2:latest', 'llama.cpp/sample-small'], { 'ollama/llama3.2:latest': 'llama3.2', 'llama.cpp/sample-small': 'sample-small' }],
    ['keep another tag', ['ollama/qwen:7b', 'ollama/qwen:latest'], { 'ollama/qwen:7b': 'qwen:7b', 'ollama/qwen:latest': 'qwen' }],
    ['are full where two providers have the name', ['ollama/m', 'llama.cpp/m'], { 'ollama/m': 'ollama/m', 'llama.cpp/m': 'llama.cpp/m' }],
    ['keep :latest where only that tells two apart', ['ollama/m:latest', 'llama.cpp/m'], { 'ollama/m:latest': 'm:latest', 'llama.cpp/m': 'llama.cpp/m' }],
    ['are full where only the case differs', ['llama.cpp/Foo', 'llama.cpp/foo'], { 'llama.cpp/Foo': 'llama.cpp/Foo', 'llama.cpp/foo': 'llama.cpp/foo' }],
    ['are full where they look like the full name of another', ['llama.cpp/ollama/m', 'ollama/m'], { 'llama.cpp/ollama/m': 'llama.cpp/ollama/m', 'ollama/m': 'm' }],
  ])('%s', (_what, ids, expected) => {
    expect(shortOf(...ids)).toEqual(expected);
  });

  it('always lead back to the same model, and full names too', () => {
    const part = fc.constantFrom('m', 'M', 'n', 'ollama', 'm:latest', 'n:latest', 'n:7b', 'p/m', 'ollama/m', 'ollama/m:latest', 'box/m', 'cloud/m');
    const ids = fc.uniqueArray(fc.tuple(fc.constantFrom('ollama', 'llama.cpp', 'p', 'box', 'cloud'), part).map(([provider, name]) => `${provider}/${name}`), { maxLength: 8 });
    const place = (id: string) => (id.startsWith('box/') ? { further: true as const } : id.startsWith('cloud/') ? { elsewhere: 'online' as const } : {});
    fc.assert(
      fc.property(ids, (all) => {
        const models = all.map((id) => catalogModel(id, 1, place(id)));
        for (const [id, name] of shortNames(models)) {
          expect(resolved(models, id)).toBe(id);
          expect(resolved(models, name)).toBe(id);
        }
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });
});

describe('a name that somebody types', () => {
  const models = list('ollama/llama3.2:latest', 'ollama/codellama:7b', 'llama.cpp/Sample-Small', 'ollama/mix', 'llama.cpp/mix');

  it.each([
    ['llama3.2', 'ollama/llama3.2:latest'],
    [' LLAMA3.2:latest ', 'ollama/llama3.2:latest'],
    ['ollama/llama3.2', 'ollama/llama3.2:latest'],
    ['sample-small', 'llama.cpp/Sample-Small'],
    ['llama.cpp/mix', 'llama.cpp/mix'],
  ])('%s', (name, id) => {
    expect(resolved(models, name)).toBe(id);
  });

  it('that means several is answered with their full names', () => {
    expect(resolved(models, 'mix')).toEqual({ code: 'ambiguous-model', message: '"mix" is the name of several models: ollama/mix and llama.cpp/mix.', hint: 'Use one of these full names.' });
  });

  it('means to a program what Ollama has by it, and is ambiguous where Ollama has none', () => {
    const forProgram = (name: string, of = models) => {
      const found = resolveForProgram(of, name);
      return found.ok ? found.model.id : found.problem.code;
    };
    expect(['mix', 'llama.cpp/mix', 'llama3.2', 'nowhere'].map((name) => forProgram(name))).toEqual(['ollama/mix', 'llama.cpp/mix', 'ollama/llama3.2:latest', 'unknown-model']);
    expect(forProgram('mix', list('box/mix', 'llama.cpp/mix'))).toBe('ambiguous-model');
    expect(forProgram('mix:latest', list('ollama/mix:latest', 'llama.cpp/mix:latest'))).toBe('ollama/mix:latest');
  });

  it('that means several names of the same weights means these', () => {
    const same = [catalogModel('ollama/mix', 1, { weights: 'w' }), catalogModel('llama.cpp/mix', 1, { weights: 'w' })];
    expect(resolved(same, 'mix')).toBe('ollama/mix');
  });

  it('means what is near before what is far', () => {
    const here = catalogModel('ollama/m');
    const [box, rack] = [catalogModel('box/m', 1, { further: true }), catalogModel('rack/m', 1, { further: true })];
    const cloud = catalogModel('cloud/m', 1, { elsewhere: 'online' });
    const all = [cloud, rack, box, here];
    expect(resolved(all, 'm')).toBe('ollama/m');
    expect(resolved([cloud, box], 'm')).toBe('box/m');
    expect(resolved([cloud, box, rack], 'm')).toMatchObject({ code: 'ambiguous-model', message: '"m" is the name of several models: box/m and rack/m.' });
    expect(resolved(all, 'rack/m')).toBe('rack/m');
    expect(Object.fromEntries(shortNames(all))).toEqual({ 'ollama/m': 'm', 'box/m': 'box/m', 'rack/m': 'rack/m', 'cloud/m': 'cloud/m' });
    expect(Object.fromEntries(shortNames([cloud, box]))).toEqual({ 'box/m': 'm', 'cloud/m': 'cloud/m' });
  });

  it.each([
    ['lama3.2', 'Did you mean llama3.2?'],
    ['codelama', 'Did you mean codellama:7b?'],
    ['llama', 'Did you mean llama3.2 or codellama:7b?'],
    ['zzz', 'Installed are codellama:7b, llama3.2, mix and Sample-Small.'],
  ])('that nobody has is answered with the nearest: %s', (name, hint) => {
    expect(resolved(models, name)).toMatchObject({ code: 'unknown-model', hint });
  });

  it('is answered with a few of many', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => catalogModel(`ollama/${letter.repeat(12)}`));
    expect(resolved(many, 'zzz')).toMatchObject({ hint: expect.stringMatching(/^Installed are a+, b+, c+, d+, e+ and 2 more\.$/) as string });
  });

  it('is unknown where nothing is installed', () => {
    expect(resolved([], 'any')).toMatchObject({ code: 'unknown-model', hint: 'No models are installed yet.' });
  });
});

it('finds at most so many near names, nearest first, each once', () => {
  expect(nearest(['gemma2', 'gemma', 'gemma', 'gemma3n', 'phi'], 'gemma', 2)).toEqual(['gemma', 'gemma2']);
  expect(nearest(['abcdef'], 'x', 3)).toEqual([]);
});

it('a text of a megabyte is like no name, and nothing is compared', () => {
  expect(nearest(['a'.repeat(20)], 'a'.repeat(1_000_000), 3)).toEqual([]);
});
