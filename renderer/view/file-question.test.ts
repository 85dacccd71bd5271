import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, operations } from '../../contract/index.ts';
import { MOST_FILES, questionAbout } from './file-question.ts';

const file = (name: string, content = 'x', type = '') => new File([content], name, { type });

describe('what is asked about files', () => {
  it('is read from their beginnings alone', async () => {
    const read: (number | undefined)[] = [];
    const huge = { name: 'huge.txt', size: 5 * 1024 ** 3, type: 'text/plain', slice: (from?: number, to?: number) => (read.push(from, to), new Blob(['x'.repeat(HEAD_BYTES)])) };
    const { subjects } = await questionAbout([huge]);
    expect(read).toEqual([0, HEAD_BYTES]);
    expect(subjects).toEqual([{ name: 'huge.txt', sizeBytes: 5 * 1024 ** 3, mime: 'text/plain', head: Buffer.from('x'.repeat(HEAD_BYTES)).toString('base64') }]);
  });

  it('leaves models and what cannot be read to others, and keeps names beside subjects', async () => {
    const folder = { name: 'folder', size: 4096, type: '', slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('no', 'NotFoundError')) }) as Blob };
    const question = await questionAbout([file('a.GGUF'), folder, file('b', 'GGUF…'), file('c.txt')]);
    expect(question).toMatchObject({ names: ['c.txt'], gguf: [{ name: 'a.GGUF' }, { name: 'b' }], unreadable: ['folder'] });
    expect(question.subjects).toHaveLength(1);
  });

  it('is never more than one call takes', async () => {
    const { subjects } = await questionAbout(Array.from({ length: MOST_FILES + 20 }, (_, index) => file(`${'ü'.repeat(250)}${index}`, 'x'.repeat(9_000), `a/${'b'.repeat(300)}`)));
    expect(subjects).toHaveLength(MOST_FILES);
    expect(operations.recommend.input.safeParse({ files: subjects }).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify({ files: subjects }))).toBeLessThan(1024 * 1024);
  });
});
