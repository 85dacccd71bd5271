import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleForNode, type Bundle } from '../../test/bundle-for-node.ts';
import { createMemoryCgroup } from '../../test/memory-cgroup.ts';
import { startMemoryChild } from '../../test/memory-child.ts';
import type { YieldStory } from '../../test/yield-in-a-box.ts';

const MIB = 1024 * 1024;
const LIMIT = 1600 * MIB;

describe.runIf(process.platform === 'linux')('in a real cgroup, beside a program that really takes memory', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleForNode(path.join(import.meta.dirname, '../../test/yield-in-a-box.ts'), { inline: true });
  });
  afterAll(() => bundle.remove());

  it('a model goes when that program needs its memory, only that one, and comes back when it has ended', async ({ skip }) => {
    const cgroup = createMemoryCgroup(LIMIT);
    if ('reason' in cgroup) {
      console.warn(`SKIPPED: giving memory back in a real memory cgroup (${cgroup.reason})`);
      return skip(cgroup.reason);
    }
    const box = await startMemoryChild();
    try {
      cgroup.add(box.pid);
      const story = (await box.probe(bundle.file)) as YieldStory;
      expect(story.faults).toEqual([]);
      expect(story.limit).toBe(LIMIT);
      expect(story.loaded).toEqual(['box/a', 'box/b']);
      expect(story.before).toEqual([]);
      expect(story.availableShort).toBeLessThan(256 * MIB);
      expect(story.whileShort).toEqual(['box/a']);
      // A process of 300 MiB has ended, and its memory is there again.
      expect(story.availableAfter - story.availableShort).toBeGreaterThan(280 * MIB);
      expect(story.later).toEqual(['box/a']);
      expect(story.back).toEqual(['box/b', 'box/a']);
      expect(story.texts.find((text) => text.startsWith('Other programs need memory'))).toMatch(/^Other programs need memory \(0\.2 GB left\): a \(0\.4 GB, unused for [^)]+\) was unloaded\.$/);
      expect(story.texts.at(-1)).toMatch(/^a was loaded again in .* since other programs no longer need its memory/);
    } finally {
      await box.stop();
      await cgroup.remove();
    }
  }, 60_000);
});
