import type { Outcome, Problem, SamplesView } from '../contract/index.ts';
import type { SampleService } from './manager/services.ts';
import type { SampleMaker } from './providers/llama-cpp/index.ts';

/** The making of sample models as everybody sees it: one at a time, with progress, and a way to stop it. */
export function createSampleService(maker: SampleMaker, onChange: () => void): SampleService & { start(): Promise<void> } {
  const idle = { doneBytes: 0, totalBytes: 0, current: null, problem: null };
  let view: SamplesView = { state: 'none', ...idle };
  let running: { stop: AbortController; done: Promise<Outcome<{ text: string }>> } | null = null;

  function show(next: SamplesView): void {
    view = next;
    onChange();
  }

  async function run(signal: AbortSignal): Promise<Outcome<{ text: string }>> {
    show({ state: 'making', ...idle });
    let shown = 0;
    const made = await maker.make({
      signal,
      onProgress: (progress) => {
        // Every tenth of a second is enough for a bar.
        if (Date.now() - shown < 100 && progress.doneBytes < progress.totalBytes) return;
        shown = Date.now();
        show({ state: 'making', ...progress, problem: null });
      },
    });
    running = null;
    if (made.ok) {
      show({ state: 'ready', ...idle });
      return { ok: true, value: { text: `${made.files.length} sample models were made.` } };
    }
    const failed: Problem | null = made.problem.code === 'cancelled' ? null : made.problem;
    show({ state: failed ? 'failed' : 'none', ...idle, problem: failed });
    return { ok: false, problem: made.problem };
  }

  return {
    view: () => view,
    async start() {
      if (await maker.ready()) show({ state: 'ready', ...idle });
    },
    make() {
      if (!running) {
        const stop = new AbortController();
        running = { stop, done: run(stop.signal) };
      }
      return running.done;
    },
    cancel: () => running?.stop.abort(),
  };
}
