import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HEAD_BYTES } from '../../../contract/index.ts';
import { avi, elf, flac, gif, gzip, isoMedia, jpeg, matroska, mp3, mpegFrames, office, ogg, openDocument, opus, pdf, png, sqlite, tar, theora, tiff, wav, webp, zip } from '../../../test/file-heads.ts';
import { identify, type FileSample } from './identify.ts';
import { readHead } from './read-head.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const sample = (change: Partial<FileSample>): FileSample => ({ name: null, sizeBytes: 5_000, mime: null, head: null, ...change });

describe('by its first bytes, whatever it is called', () => {
  /** Bytes that packing does not make fewer. */
  const anything = fc.sample(fc.uint8Array({ minLength: 9_000, maxLength: 9_000 }), { numRuns: 1, seed: 6 })[0] ?? new Uint8Array();
  it.for<[name: string, content: Buffer, mime: string, kind: string]>([
    ['notes.txt', png(), 'image/png', 'image'],
    ['photo.png with a long comment', png(9_000), 'image/png', 'image'],
    ['a.jpg', jpeg(), 'image/jpeg', 'image'],
    ['a.gif', gif(), 'image/gif', 'image'],
    ['a.webp', webp(), 'image/webp', 'image'],
    ['a.webp that is a wav', wav(), 'audio/wav', 'audio'],
    ['a.avi', avi(), 'video/vnd.avi', 'video'],
    ['a.tif', tiff(64), 'image/tiff', 'image'],
    ['a.tif with its directory far behind', tiff(20_000), 'image/tiff', 'image'],
    ['a.mp4 that is a photo', isoMedia('heic'), 'image/heic', 'image'],
    ['a.mp4', isoMedia('isom'), 'video/mp4', 'video'],
    ['a.mov', isoMedia('qt  '), 'video/quicktime', 'video'],
    ['a.m4a', isoMedia('M4A '), 'audio/mp4', 'audio'],
    ['a.doc that is a pdf', pdf(), 'application/pdf', 'pdf'],
    ['a.mp3', mpegFrames(), 'audio/mpeg', 'audio'],
    ['a.mp3 with a cover', mp3(50_000), 'audio/mpeg', 'audio'],
    ['a.flac', flac(), 'audio/flac', 'audio'],
    ['a.opus', opus(), 'audio/ogg', 'audio'],
    ['a.ogv', theora(), 'video/ogg', 'video'],
    ['a.ogg of a codec nobody knows', ogg('some codec'), 'application/ogg', 'audio'],
    ['a.webm', matroska('webm'), 'video/webm', 'video'],
    ['a.mkv', matroska('matroska'), 'video/matroska', 'video'],
    ['a.docx that is a zip', zip({ name: 'a.txt', data: 'hello' }), 'application/zip', 'archive'],
    ['a.odt', openDocument('application/vnd.oasis.opendocument.text'), 'application/vnd.oasis.opendocument.text', 'document'],
    // One that the library has no name for.
    ['a.odc', openDocument('application/vnd.oasis.opendocument.chart'), 'application/vnd.oasis.opendocument.chart', 'document'],
    ['a.epub', openDocument('application/epub+zip'), 'application/epub+zip', 'document'],
    ['a.xlsx', office('spreadsheetml.sheet'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'document'],
    ['a.xlsx with its list at the end', office('spreadsheetml.sheet', { name: 'xl/worksheets/sheet1.xml', data: anything }), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'document'],
    ['a.pptx with a large slide first', office('presentationml.presentation', { name: 'ppt/slides/slide1.xml', data: anything }), 'application/vnd.openxmlformats-officedocument.presentationml.presentation', 'document'],
    ['a.docx with its list at the end', office('wordprocessingml.document', { name: 'docProps/thumbnail.jpeg', data: anything }), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'document'],
    ['a.gz', gzip(), 'application/gzip', 'archive'],
    ['a.txt that is a tar', tar(), 'application/x-tar', 'archive'],
    ['a.7z', Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'), 'application/x-7z-compressed', 'archive'],
    ['a.rar', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), 'application/vnd.rar', 'archive'],
    ['a.db', sqlite(), 'application/x-sqlite3', 'unknown'],
    ['photo.png that is a program', elf(), 'application/x-elf', 'unknown'],
    ['a.gguf', Buffer.from('GGUF\x03\0\0\0'), 'application/x-gguf', 'unknown'],
  ])('%s', async ([name, content, mime, kind]) => {
    expect(await identify(sample({ head: content.subarray(0, HEAD_BYTES), sizeBytes: content.length, name }))).toMatchObject({ mime, kind, knownFrom: 'content' });
  });

  it.for<[content: string, name: string, mime: string, kind: string]>([
    ['\x80\x81\x02\x03\x04\x05', 'photo.png', 'application/octet-stream', 'unknown'],
    ['#!/usr/bin/env -S node --enable\n', 'tool', 'text/javascript', 'code'],
    ['#!/usr/bin/python3.12\nprint(1)', 'tool.txt', 'text/x-python', 'code'],
    ['#!/bin/sh\necho', 'a', 'text/x-shellscript', 'code'],
    ['<?php echo 1;', 'a.txt', 'text/x-php', 'code'],
    ['<!DOCTYPE html><p>', 'a', 'text/html', 'code'],
    ['<?xml version="1.0"?><svg xmlns="x">', 'a', 'image/svg+xml', 'code'],
    ['<?xml version="1.0"?><a/>', 'a', 'application/xml', 'data'],
    ['def f():\n  pass', 'f.py', 'text/x-python', 'code'],
    ['select 1', 'q.SQL', 'text/x-sql', 'code'],
    ['all:\n\tmake', 'sub/Makefile', 'text/x-makefile', 'code'],
    ['{"a": 1}', 'a.json', 'application/json', 'data'],
    ['a,b\n1,2', 'a.csv', 'text/csv', 'data'],
    ['# Title', 'a.md', 'text/markdown', 'text'],
    ['Just words.', 'photo.png', 'text/plain', 'text'],
    ['caf\xe9 au lait, sans sucre', 'a', 'text/plain', 'text'],
    ['\xff\xfeH\0i\0 \0', 'a', 'text/plain', 'text'],
    ['\x1b[31mred\x1b[0m', 'a.log', 'text/x-log', 'data'],
    // Texts that begin with the letters of a format.
    ['BMW is a maker of cars.', 'a.txt', 'text/plain', 'text'],
    ['MZ, as a name begins', 'a.txt', 'text/plain', 'text'],
    ['solid advice', 'a.md', 'text/markdown', 'text'],
    ['GIF is said in two ways.', 'a', 'text/plain', 'text'],
    // Formats that are written as text.
    ['BEGIN:VCALENDAR\r\nVERSION:2.0\r\n', 'a', 'text/calendar', 'data'],
    ['{\\rtf1\\ansi Hi}', 'a', 'application/rtf', 'document'],
    ['%!PS-Adobe-3.0\n', 'a.txt', 'application/postscript', 'document'],
  ])('%j, "%s" is %s', async ([content, name, mime, kind]) => {
    expect(await identify(sample({ head: latin(content), name }))).toMatchObject({ mime, kind });
  });

  it('a character that the first bytes cut in two is no damage', async () => {
    const text = Buffer.from('ü'.repeat(3_000));
    expect(await identify(sample({ head: text.subarray(0, 4_099), sizeBytes: text.length }))).toMatchObject({ mime: 'text/plain' });
  });

  it('asks the library that it is given', async () => {
    expect(await identify(sample({ head: latin('\0\x01any') }), async () => 'image/x-new')).toMatchObject({ mime: 'image/x-new', kind: 'image', knownFrom: 'content' });
  });
});

describe('whatever the bytes are', () => {
  const whole = [png(9_000), jpeg(), gif(), webp(), wav(), avi(), tiff(64), isoMedia('heic'), isoMedia('isom'), flac(), mp3(900), opus(), theora(), matroska('webm'), zip({ name: 'a', data: 'b' }), openDocument('application/epub+zip'), office('spreadsheetml.sheet'), gzip(), tar(), elf(), sqlite(), pdf()];
  /** Real beginnings, cut anywhere, with bytes of them changed: what programs that read formats stumble over. */
  const damaged = fc
    .tuple(fc.constantFrom(...whole), fc.nat(), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }))
    .map(([file, cut, changes]) => {
      const head = Uint8Array.from(file.subarray(0, 1 + (cut % file.length)));
      for (const [at, value] of changes) head[at % head.length] = value;
      return head;
    });

  it('it answers, and soon', async () => {
    let slowest = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: HEAD_BYTES }), damaged), fc.boolean(), async (head, isCut) => {
        const start = performance.now();
        const { mime, kind } = await identify(sample({ head, sizeBytes: head.length + (isCut ? 1_000 : 0) }));
        slowest = Math.max(slowest, performance.now() - start);
        expect(mime).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
        expect(kind).not.toBe('empty');
      }),
      { seed: 20_260, numRuns: 1_500 },
    );
    expect(slowest).toBeLessThan(2_000);
  });

  it.for<[what: string, head: Uint8Array]>([
    ['a gzip that unpacks to a thousand times its size', gzipSync(Buffer.alloc(50_000_000))],
    ['a zip of a part that does', zip({ name: '[Content_Types].xml', data: Buffer.alloc(50_000_000) })],
    ['a zip of thousands of parts', zip(...Array.from({ length: 1_500 }, (_, at) => ({ name: `${at}`, data: '' })))],
    ['an MP3 in front of an MP3 in front of one', Buffer.concat(Array.from({ length: 6_000 }, () => Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1')))],
    ['letters of RIFF for ever', Buffer.from('RIFF'.repeat(16_000))],
  ])('%s costs no time', async ([, content]) => {
    const start = performance.now();
    await identify(sample({ head: content.subarray(0, 65_536), sizeBytes: content.length }));
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('real files that break off anywhere keep their kind, once their marks are there', async () => {
    for (const [file, kind, from] of [[png(9_000), 'image', 24], [tiff(20_000), 'image', 8], [mp3(9_000), 'audio', 20], [matroska('webm'), 'video', 40], [office('spreadsheetml.sheet', { name: 'xl/workbook.xml', data: 'x'.repeat(900) }), 'document', 60]] as const) {
      for (let cut = from; cut < Math.min(file.length, HEAD_BYTES); cut += 37) expect([cut, (await identify(sample({ head: file.subarray(0, cut), sizeBytes: file.length }))).kind]).toEqual([cut, kind]);
    }
  });
});

describe('without first bytes', () => {
  it.for<[Partial<FileSample>, object]>([
    [{ mime: 'image/png', name: 'a.txt' }, { mime: 'image/png', kind: 'image', knownFrom: 'given' }],
    [{ mime: 'Text/Plain; charset=utf-8' }, { mime: 'text/plain', kind: 'text', knownFrom: 'given' }],
    [{ name: 'C:\\photos\\a.JPG' }, { mime: 'image/jpeg', kind: 'image', knownFrom: 'name' }],
    [{ name: '.gitignore' }, { mime: 'application/octet-stream', kind: 'unknown', knownFrom: 'nothing' }],
    // Whoever looked and could not tell is believed, whatever the name promises.
    [{ mime: 'application/octet-stream', name: 'a.png' }, { kind: 'unknown' }],
    [{ sizeBytes: 0, name: 'a.png' }, { kind: 'empty', mime: 'inode/x-empty' }],
  ])('%j is %j', async ([change, facts]) => expect(await identify(sample(change))).toMatchObject(facts));
});

it.for<[Partial<FileSample>, number | null]>([
  [{ mime: 'text/plain', sizeBytes: 35_000 }, 10_000],
  [{ mime: 'text/x-go', sizeBytes: 30_000 }, 10_000],
  [{ mime: 'application/json', sizeBytes: 22_000 }, 10_000],
  [{ mime: 'image/png', sizeBytes: 9_000_000 }, 1_500],
  [{ mime: 'application/pdf', sizeBytes: 9_000_000 }, null],
  [{ mime: 'text/plain', sizeBytes: null }, null],
])('%j takes %j tokens', async ([change, tokens]) => expect((await identify(sample(change))).tokens).toBe(tokens));

describe('readHead', () => {
  it('reads the beginning and the size, and no more', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'airdock-head-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const file = path.join(dir, 'long.txt');
    await writeFile(file, 'a'.repeat(100_000));
    const read = await readHead(file);
    expect(read).toMatchObject({ ok: true, value: { name: file, sizeBytes: 100_000, mime: null } });
    expect(read.ok && read.value.head?.length).toBe(HEAD_BYTES);
    await writeFile(file, '');
    expect(await readHead(file)).toMatchObject({ ok: true, value: { sizeBytes: 0 } });
    expect(await readHead(dir)).toMatchObject({ ok: false, problem: { code: 'bad-file', message: `${dir} is a folder.` } });
    expect(await readHead(path.join(dir, 'none'))).toMatchObject({ ok: false, problem: { message: expect.stringContaining('does not exist') } });
    // Nobody writes into it: opening it would wait for ever.
    if (process.platform === 'linux') expect(await readHead('/dev/tty0').then(({ ok }) => ok)).toBe(false);
  });
});
