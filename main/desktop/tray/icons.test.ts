import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { iconFile, iconName, iconNames, iconSizes } from './icons.ts';
import { levels, marks } from './level.ts';

const assets = path.join(import.meta.dirname, '../../../assets');
const read = (file: string): Buffer => readFileSync(path.join(assets, 'tray', file));
const twice = (file: string): string => file.replace('.png', '@2x.png');

interface Picture {
  width: number;
  height: number;
  /** Red, green, blue, opacity of each point. */
  points: readonly (readonly [number, number, number, number])[];
}

/** A PNG of eight bits and four channels, as Chromium writes them. */
function decode(png: Buffer): Picture {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png[24], png[25], png[28]]).toEqual([8, 6, 0]);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : (out[y * stride + x - 4] ?? 0);
      const up = y === 0 ? 0 : (out[(y - 1) * stride + x] ?? 0);
      const corner = x < 4 || y === 0 ? 0 : (out[(y - 1) * stride + x - 4] ?? 0);
      const guess = filter === 0 ? 0 : filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      out[y * stride + x] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  const points = Array.from({ length: width * height }, (_, i) => [out[4 * i] ?? 0, out[4 * i + 1] ?? 0, out[4 * i + 2] ?? 0, out[4 * i + 3] ?? 0] as const);
  return { width, height, points };
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function luminance([r, g, b]: readonly number[]): number {
  const [x, y, z] = [r, g, b].map((value) => (((value ?? 0) / 255) ** 2.2));
  return 0.2126 * (x ?? 0) + 0.7152 * (y ?? 0) + 0.0722 * (z ?? 0);
}

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
const solid = ({ points }: Picture) => points.filter(([, , , opacity]) => opacity > 250);

it('names an icon for everything that can be told', () => {
  const all = levels.flatMap((level) => ([null, 'busy', 'problem'] as const).flatMap((sign) => [null, ...marks].map((mark) => iconName({ level, sign, mark }))));
  expect(new Set(all)).toEqual(new Set(iconNames));
  expect(iconNames).toHaveLength(28);
});

it('has no pictures that nobody asks for', () => {
  for (const [folder, files] of [['mac', iconNames.flatMap((name) => [iconFile('darwin', name), twice(iconFile('darwin', name))])], ['linux', iconNames.flatMap((name) => [iconFile('linux', name), twice(iconFile('linux', name))])], ['windows', iconNames.map((name) => iconFile('win32', name))]] as const) {
    expect(readdirSync(path.join(assets, 'tray', folder)).map((file) => path.join(folder, file)).sort()).toEqual([...files].sort());
  }
});

describe.each(iconNames)('%s', (name) => {
  it('is black and opacity alone for macOS, in both sizes', () => {
    const file = iconFile('darwin', name);
    for (const [picture, size] of [[decode(read(file)), iconSizes.darwin[0]], [decode(read(twice(file))), iconSizes.darwin[1]]] as const) {
      expect([picture.width, picture.height]).toEqual([size, size]);
      expect(picture.points.every(([r, g, b]) => r + g + b === 0)).toBe(true);
      expect(solid(picture).length).toBeGreaterThan(0);
    }
  });

  it('shows on dark and on light panels of Linux', () => {
    const file = iconFile('linux', name);
    const pictures = [decode(read(file)), decode(read(twice(file)))];
    expect(pictures.map(({ width, height }) => [width, height])).toEqual(iconSizes.linux.map((size) => [size, size]));
    const colour = solid(pictures[1] as Picture).map(luminance);
    expect(colour.length).toBeGreaterThan(100);
    for (const panel of [[255, 255, 255], [238, 238, 236], [44, 44, 44], [0, 0, 0]].map(luminance)) {
      const worst = Math.min(...colour.map((one) => contrast(one, panel)));
      expect(worst).toBeGreaterThan(2.9);
    }
  });

  it('is an icon of four sizes for Windows', () => {
    const ico = read(iconFile('win32', name));
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, iconSizes.win32.length]);
    const inside = iconSizes.win32.map((_, index) => {
      const at = 6 + 16 * index;
      const start = ico.readUInt32LE(at + 12);
      const picture = decode(ico.subarray(start, start + ico.readUInt32LE(at + 8)));
      expect([ico[at], ico[at + 1]]).toEqual([picture.width, picture.height]);
      return picture.width;
    });
    expect(inside).toEqual(iconSizes.win32);
  });
});

it('are all different pictures', () => {
  for (const platform of ['darwin', 'linux', 'win32'] as const) expect(new Set(iconNames.map((name) => read(iconFile(platform, name)).toString('base64'))).size).toBe(iconNames.length);
});

it('fills the icon more with each level', () => {
  const filled = levels.map((level) => solid(decode(read(twice(iconFile('darwin', iconName({ level, sign: null, mark: null })))))).length);
  expect(filled).toEqual([...filled].sort((a, b) => a - b));
  expect(new Set(filled).size).toBe(levels.length);
});

it('has an icon of the app that electron-builder takes', () => {
  const png = readFileSync(path.join(assets, 'icon.png'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024]);
  expect(png.length).toBeLessThan(200_000);
});
