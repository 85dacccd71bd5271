import { describe, expect, it } from 'vitest';
import { fieldOf } from './multipart.ts';

const form = (...parts: [headers: string, body: string][]): Buffer => Buffer.from(`${parts.map(([headers, body]) => `--xx\r\n${headers}\r\n\r\n${body}\r\n`).join('')}--xx--\r\n`);
const type = 'multipart/form-data; boundary=xx';
const field = (name: string): string => `Content-Disposition: form-data; name="${name}"`;

describe('a field of a form', () => {
  it('is found between others, and can be replaced where it stands', () => {
    const body = form([`${field('file')}; filename="a.wav"\r\nContent-Type: audio/wav`, 'name="model"\r\n\r\nnot-this'], [field('model'), 'whisper'], [field('language'), 'en']);
    const found = fieldOf(body, type, 'model');
    expect(found?.value).toBe('whisper');
    expect(body.toString('utf8', found!.start, found!.end)).toBe('whisper');
    expect(fieldOf(body, 'multipart/form-data; boundary="xx"', 'language')?.value).toBe('en');
  });

  it('a file of that name is none; of several the first counts; what is no form has none', () => {
    expect(fieldOf(form([`${field('model')}; filename="m"`, 'x']), type, 'model')).toBeNull();
    expect(fieldOf(form([field('model'), 'one'], [field('model'), 'two']), type, 'model')?.value).toBe('one');
    expect(fieldOf(form([field('model'), 'x']), 'application/json', 'model')).toBeNull();
    expect(fieldOf(Buffer.from('--xx\r\n'), type, 'model')).toBeNull();
  });

  it('millions of marks in a row cost one look through the body', () => {
    const marks = Buffer.from('--xx'.repeat(2_000_000));
    expect(fieldOf(Buffer.concat([marks, form([field('model'), 'whisper'])]), type, 'model')?.value).toBe('whisper');
  });
});
