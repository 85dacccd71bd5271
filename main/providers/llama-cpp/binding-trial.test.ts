import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const trial = path.join(import.meta.dirname, 'binding-trial.ts');
const tester = path.join(import.meta.dirname, '../../../node_modules/node-llama-cpp/dist/bindings/utils/testBindingBinary.js');

/** In a process of its own: it changes what `fork` is for everybody in it. */
it('lets node-llama-cpp’s own trial pass without a process', async () => {
  const { transformWithOxc } = await import('vite');
  const { readFile } = await import('node:fs/promises');
  const { code } = await transformWithOxc(await readFile(trial, 'utf8'), trial);
  const script = `${code}
    const { testBindingBinary } = await import(${JSON.stringify(tester)});
    passBindingTrial();
    console.log(await testBindingBinary('/no/such/binding.node', undefined, false, 5000));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: path.dirname(trial), timeout: 20_000 });
  expect(stdout.trim()).toBe('true');
});
