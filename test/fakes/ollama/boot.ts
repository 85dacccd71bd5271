import type { Barrier } from './barrier.ts';
import { createClock, msToNs } from './clock.ts';
import type { Context } from './context.ts';
import { createEngine } from './engine.ts';
import { createLibrary, type Library } from './models.ts';
import { createScheduler } from './scheduler.ts';
import type { FakeOllamaOptions, FakeVersion, LoadFault, StartedLoad } from './types.ts';

const releases: Record<FakeVersion, string> = { '0.12': '0.12.11', '0.24': '0.24.0', '0.33': '0.33.0' };

/** What outlives one run of the server: its disk, the machine's memory, the test's records and wishes. */
export interface Lasting {
  library: Library;
  memory: { totalBytes: number; otherBytes: number } | undefined;
  loadsStarted: StartedLoad[];
  nextLoadFault(): LoadFault | undefined;
  loadBarrier: Barrier;
}

/** One run of the server process: nothing is loaded at its start. */
export interface Booted {
  context: Context;
  /** Ends everything that the run has begun. */
  halt(): void;
}

export function bootServer(options: FakeOllamaOptions, lasting: Lasting): Booted {
  const version = options.version ?? '0.33';
  const clock = createClock(options.now);
  const down = new AbortController();
  const context: Context = {
    version,
    versionString: options.versionString ?? releases[version],
    clock,
    down: down.signal,
    zoneMinutes: options.zoneMinutes ?? 0,
    library: lasting.library,
    registry: createLibrary(options.registry ?? []),
    scheduler: createScheduler({
      version,
      clock,
      maxLoaded: options.maxLoaded ?? 3,
      maxQueue: options.maxQueue ?? 512,
      defaultKeepAlive: msToNs(options.defaultKeepAliveMs ?? 300_000),
      defaultContext: options.defaultContext ?? 4096,
      unloadMs: options.unloadMs ?? 15,
      memory: lasting.memory,
      gpu: options.gpu,
      nextLoadFault: lasting.nextLoadFault,
      loadBarrier: lasting.loadBarrier,
      loadsStarted: lasting.loadsStarted,
    }),
    engine: createEngine({
      clock,
      promptMs: options.promptMs ?? 0,
      tokensPerSecond: options.tokensPerSecond ?? 500,
      answerTokens: options.answerTokens ?? 8,
    }),
    pullBytesPerSecond: options.pullBytesPerSecond ?? 10_000_000_000,
  };
  return {
    context,
    halt: () => {
      clock.stop();
      down.abort();
    },
  };
}
