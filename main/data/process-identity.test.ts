import { describe, expect, it } from 'vitest';
import { startTimeOf } from './process-identity.ts';

describe('startTimeOf', () => {
  it.skipIf(process.platform === 'win32')('agrees with what a process knows about itself', async () => {
    const started = await startTimeOf(process.pid, 'darwin');
    // Workers of a test run share the pid but not the time origin, so compare with the uptime of the process.
    expect(Math.abs((started ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(3000);
  });

  it('knows nothing about a process that is not there', async () => {
    expect(await startTimeOf(2 ** 22 + 1, process.platform)).toBeNull();
  });
});
