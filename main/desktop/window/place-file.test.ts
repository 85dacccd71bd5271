import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '../../../test/temp-dir.ts';
import { createPlaceFile } from './place-file.ts';

const place = { x: 10, y: 20, width: 900, height: 700, maximized: false };

async function start() {
  const dir = await tempDir();
  const file = path.join(dir, 'window.json');
  const faults: unknown[] = [];
  return { dir, file, faults, places: createPlaceFile({ file, onFault: (fault) => faults.push(fault) }) };
}

it('gives back what was saved last', async () => {
  const { places, dir, file } = await start();
  for (const x of [1, 2, 3]) places.save({ ...place, x });
  await places.written();
  expect(places.read()).toEqual({ ...place, x: 3 });
  expect(await readdir(dir)).toEqual([path.basename(file)]);
});

it.each(['', '{', 'null', '[]', '{"x":1}', JSON.stringify({ ...place, x: 1.5 }), JSON.stringify({ ...place, width: -1 }), JSON.stringify({ ...place, x: 1e12 }), JSON.stringify({ ...place, maximized: 1 })])(
  'takes %j for no place at all',
  async (text) => {
    const { places, file, faults } = await start();
    await writeFile(file, text);
    expect(places.read()).toBeNull();
    expect(faults).toEqual([]);
  },
);

it('has no place where there is no file', async () => {
  expect((await start()).places.read()).toBeNull();
});

it('tells of a place that cannot be written, and goes on', async () => {
  const { places, file, faults } = await start();
  await mkdir(file);
  places.save(place);
  await places.written();
  expect(faults).toHaveLength(1);
});

it('writes nothing where nothing has changed', async () => {
  const { places, file } = await start();
  places.save(place);
  await places.written();
  await writeFile(file, 'mine');
  places.save({ ...place });
  await places.written();
  expect(await readFile(file, 'utf8')).toBe('mine');
});
