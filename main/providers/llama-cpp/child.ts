import type { LoadMessage, ToChild } from './messages.ts';
import { passBindingTrial } from './binding-trial.ts';
import { electronParentPort, parentChannel } from './child-channel.ts';
import { createLoadedModel } from './child-model.ts';
import type { LoadedGguf } from './child-model.ts';
import { offerToOomKiller } from './child-memory.ts';
import { Refusal } from './refusal.ts';

/** Entry of the process that holds one model. It ends with its parent, with its model, and on any error that nobody caught. */
if (electronParentPort() !== null) passBindingTrial();
const channel = parentChannel();
const aborts = new Map<number, AbortController>();
let model: LoadedGguf | null = null;

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    console.error(error);
    process.exit(70);
  });
}
// Ctrl+C and a closed terminal reach every process of the group; only the parent decides what they mean.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
offerToOomKiller();
channel.onClose(end);
channel.onMessage((message) => void handle(message));

async function handle(message: ToChild): Promise<void> {
  switch (message.type) {
    case 'load':
      return load(message);
    case 'generate':
      return answer(message.id, async (loaded, signal) => {
        const done = await loaded.generate(message.work, signal, (text) => void channel.send({ type: 'text', id: message.id, text }));
        void channel.send({ type: 'generated', id: message.id, done });
      });
    case 'embed':
      return answer(message.id, async (loaded, signal) => {
        const done = await loaded.embed(message.inputs, signal);
        void channel.send({ type: 'embedded', id: message.id, done });
      });
    case 'abort':
      aborts.get(message.id)?.abort();
      return;
    case 'exit':
      end();
  }
}

async function load(message: LoadMessage): Promise<void> {
  const loaded = await createLoadedModel(message, (fraction) => channel.send({ type: 'progress', fraction }));
  if (loaded.ok) {
    model = loaded.model;
    channel.send(loaded.ready);
  } else {
    // Ends only after the words are out; the parent would otherwise see a death without a reason.
    await channel.send({ type: 'failed', stage: loaded.stage, message: loaded.message, log: loaded.log });
    end();
  }
}

/** Runs one request; whatever it throws becomes its answer. */
async function answer(id: number, task: (loaded: LoadedGguf, signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    if (model === null) throw new Error('no model is loaded');
    await task(model, abort.signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    void channel.send({ type: 'request-failed', id, code: error instanceof Refusal ? error.code : 'generate-failed', message });
  } finally {
    aborts.delete(id);
  }
}

/** A clean exit would join threads that may be in the middle of a load or a token; there is nothing here to save. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
