import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '../../../../test/temp-dir.ts';
import { cpuKind } from './cpu-kind.ts';
import { isRepacked } from './format.ts';

const F16 = 1;
const Q4_0 = 2;

it('knows matrix tiles by the flags that Linux tells', async () => {
  const file = path.join(await tempDir(), 'cpuinfo');
  await writeFile(file, 'processor\t: 0\nflags\t\t: fpu avx512f amx_bf16 amx_tile amx_int8\n');
  expect(cpuKind('x64', file)).toBe('x64-amx');
  await writeFile(file, 'processor\t: 0\nflags\t\t: fpu avx512f\n');
  expect(cpuKind('x64', file)).toBe('x64');
  expect(cpuKind('x64', `${file}-that-is-not-there`)).toBe('x64');
  expect(cpuKind('arm64', file)).toBe('arm64');
  expect(cpuKind('riscv64', file)).toBe('other');
});

it('holds F16 twice only where tiles want it rearranged', () => {
  expect(isRepacked(F16, 'x64-amx')).toBe(true);
  expect(isRepacked(F16, 'x64')).toBe(false);
  expect(isRepacked(Q4_0, 'x64')).toBe(true);
});
