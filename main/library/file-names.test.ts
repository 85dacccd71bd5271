import fc from 'fast-check';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fileNameFor, modelNameOf, partNames, safeName } from './file-names.ts';

it.each([
  ['https://x.example/a/b/Model-Q4_K_M.gguf?download=true', 'Model-Q4_K_M.gguf'],
  ['https://x.example/a/My%20Model.gguf', 'My Model.gguf'],
  ['https://x.example/download', 'download.gguf'],
  ['https://x.example/', 'model.gguf'],
  ['https://x.example/..%2F..%2Fetc%2Fpasswd', 'etc-passwd.gguf'],
  ['https://x.example/.hidden.gguf', 'hidden.gguf'],
  ['https://x.example/con.gguf', 'model-con.gguf'],
  ['https://x.example/%ff.gguf', '%ff.gguf'],
  ['https://x.example/a%3Ab%22.GGUF', 'a-b-.gguf'],
])('%s is called %s', (url, name) => expect(fileNameFor(new URL(url))).toBe(name));

it('never names a path, a hidden file or another kind of file', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300, size: 'max' }), (text) => {
      const name = safeName(text);
      expect(path.basename(name)).toBe(name);
      expect(path.win32.basename(name)).toBe(name);
      expect(name).toMatch(/^[^.].*\.gguf$/s);
      expect(Buffer.byteLength(name)).toBeLessThan(220);
      expect(name).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    }),
    { seed: 1 },
  );
});

it('knows the other parts of a split model', () => {
  expect(partNames('m-00002-of-00003.gguf')).toEqual(['m-00001-of-00003.gguf', 'm-00002-of-00003.gguf', 'm-00003-of-00003.gguf']);
  expect(partNames('m.gguf')).toEqual(['m.gguf']);
  expect(partNames('m-00001-of-99999.gguf')).toEqual(['m-00001-of-99999.gguf']);
  expect(modelNameOf('m-00002-of-00003.gguf')).toBe('m');
  expect(modelNameOf('m.gguf')).toBe('m');
});
