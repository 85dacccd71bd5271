import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Two cores: more workers would only take memory from the llama.cpp tests.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['contract/**/*.test.ts', 'preload/**/*.test.ts', 'main/**/*.test.ts', 'renderer/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/app/**', 'test/browser/**', 'test/desktop/**', 'test/electron/**', 'test/llama/**', '**/node_modules/**'],
          environment: 'node',
          // Nothing here is slow; a machine that does ten other things is.
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          // Real llama.cpp on real files: one file at a time, so that memory readings are the test's own.
          name: 'llama',
          include: ['test/llama/**/*.test.ts'],
          globalSetup: ['test/llama/setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          // The built app in processes of its own, each test on folders and ports of its own: they mostly wait.
          name: 'app',
          include: ['test/app/**/*.test.ts'],
          globalSetup: ['test/app/setup.ts'],
          fileParallelism: true,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // Each file has its own browser and its own server; nothing here measures memory but the story, which looks at its own models only.
          fileParallelism: true,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // The whole built desktop app on a stand-in for Electron's native parts, its page in a real Chromium.
          name: 'desktop',
          include: ['test/desktop/**/*.test.ts'],
          globalSetup: ['test/desktop/setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // The same app in the real Electron, where its binary is.
          name: 'electron',
          include: ['test/electron/**/*.test.ts'],
          globalSetup: ['test/electron/setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          expect: { poll: { timeout: 15_000 } },
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
