import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { forkNodeChild } from '../../main/providers/llama-cpp/spawn-child.ts';
import { findModel, loadRequest, temporaryFolder, testProvider, tinyShape, writeVariant } from './helpers.ts';

const hasPrlimit = (() => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();

describe.runIf(hasPrlimit)('memory that the system refuses', () => {
  it('is an out-of-memory failure, not a broken file', async () => {
    const folder = await temporaryFolder();
    // 3 GB of context memory against a limit of 2 GB for everything that the process may write to.
    await writeVariant(folder, 'wide', {}, { ...tinyShape, contextLength: 3_000_000 });
    const provider = testProvider({
      directories: () => [folder],
      contextLengthFor: () => 3_000_000,
      forkChild: (entry) => {
        const child = forkNodeChild(entry);
        execFileSync('prlimit', [`--pid=${child.pid}`, `--data=${2 * 1024 ** 3}`]);
        return child;
      },
    });
    const outcome = await provider.load(loadRequest(await findModel(provider, 'wide')));
    expect(outcome).toMatchObject({ ok: false, kind: 'oom', problem: { code: 'out-of-memory', message: expect.stringContaining('wide did not fit into memory') } });
  });
});
