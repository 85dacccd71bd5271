import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HEAD_BYTES } from '../../../contract/index.ts';
import { identify, type FileSample } from './identify.ts';
import { readHead } from './read-head.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const sample = (change: Partial<FileSample>): FileSample => ({ name: null, sizeBytes: 5_000, mime: null, head: null, ...change });
const zip = (entry: string, content = ''): string => `PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(entry.length)}\0\0\0${entry}${content}`;

describe('by its first bytes, whatever it is called', () => {
  it.for<[content: string, name: string, mime: string, kind: string]>([
    ['\x89PNG\r\n\x1a\n\0\0', 'notes.txt', 'image/png', 'image'],
    ['\xff\xd8\xff\xe0', 'a', 'image/jpeg', 'image'],
    ['GIF89a', 'a', 'image/gif', 'image'],
    ['RIFF\x01\x02\x03\x04WEBPVP8 ', 'a', 'image/webp', 'image'],
    ['RIFF\x01\x02\x03\x04WAVEfmt ', 'a.webp', 'audio/wav', 'audio'],
    ['RIFF\x01\x02\x03\x04AVI LIST', 'a', 'video/x-msvideo', 'video'],
    ['II*\0', 'a', 'image/tiff', 'image'],
    ['\0\0\0\x18ftypheic', 'a.mp4', 'image/heic', 'image'],
    ['\0\0\0\x18ftypisom', 'a', 'video/mp4', 'video'],
    ['\0\0\0\x18ftypM4A ', 'a', 'audio/mp4', 'audio'],
    ['%PDF-1.7\n', 'a.doc', 'application/pdf', 'pdf'],
    ['ID3\x04', 'a', 'audio/mpeg', 'audio'],
    ['\xff\xfb\x90\x64\0', 'a', 'audio/mpeg', 'audio'],
    ['fLaC', 'a', 'audio/flac', 'audio'],
    ['OggS\0\x02........OpusHead', 'a', 'audio/ogg', 'audio'],
    ['OggS\0\x02........\x80theora', 'a', 'video/ogg', 'video'],
    ['\x1aE\xdf\xa3\x01webm', 'a', 'video/webm', 'video'],
    [zip('a.txt', 'hello'), 'a.docx', 'application/zip', 'archive'],
    [zip('mimetype', 'application/vnd.oasis.opendocument.textPK'), 'a', 'application/vnd.oasis.opendocument.text', 'document'],
    [zip('mimetype', 'application/epub+zipPK'), 'a', 'application/epub+zip', 'document'],
    [zip('[Content_Types].xml', '....xl/workbook.xml'), 'a', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'document'],
    ['\x1f\x8b\x08\0', 'a', 'application/gzip', 'archive'],
    [`${'a'.repeat(257)}ustar\x0000`, 'a.txt', 'application/x-tar', 'archive'],
    ['7z\xbc\xaf\x27\x1c', 'a', 'application/x-7z-compressed', 'archive'],
    ['SQLite format 3\0', 'a', 'application/x-sqlite3', 'unknown'],
    ['\x7fELF\x02', 'photo.png', 'application/x-executable', 'unknown'],
    ['GGUF\x03\0\0\0', 'a', 'application/x-gguf', 'unknown'],
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
  ])('%j, "%s" is %s', async ([content, name, mime, kind]) => {
    expect(await identify(sample({ head: latin(content), name }))).toMatchObject({ mime, kind });
  });

  it('a character that the first bytes cut in two is no damage', async () => {
    const text = Buffer.from('ü'.repeat(3_000));
    expect(await identify(sample({ head: text.subarray(0, 4_099), sizeBytes: text.length }))).toMatchObject({ mime: 'text/plain' });
  });

  it('asks the library that it is given', async () => {
    expect(await identify(sample({ head: latin('anything') }), async () => 'image/x-new')).toMatchObject({ mime: 'image/x-new', kind: 'image', knownFrom: 'content' });
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
    expect(await readHead(dir)).toMatchObject({ ok: false, problem: { code: 'bad-file', message: `${dir} is no file.` } });
    expect(await readHead(path.join(dir, 'none'))).toMatchObject({ ok: false, problem: { message: expect.stringContaining('does not exist') } });
    // Nobody writes into it: opening it would wait for ever.
    if (process.platform === 'linux') expect(await readHead('/dev/tty0').then(({ ok }) => ok)).toBe(false);
  });
});
