import type { LiveState, LoadedModel } from '../../contract/index.ts';
import type { ConnectedManager } from '../client/connect-manager.ts';
import { progressBar } from './gauge.ts';
import type { Terminal } from './terminal.ts';

const BAR_WIDTH = 24;
const REDRAW_MS = 200;
const CLEAR_LINE = '\r\x1b[K';

/** Whether this is the model that was asked for by that name: full or short, with or without `:latest`. */
export function isCalled(model: Pick<LoadedModel, 'id' | 'name' | 'aliases'>, name: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/:latest$/, '');
  const wanted = bare(name);
  return [model.id, model.name, ...model.aliases].some((own) => bare(own) === wanted || bare(own.slice(own.indexOf('/') + 1)) === wanted);
}

/** What is under way for a load, as one line. Pure. */
export function progressLine(name: string, state: LiveState, now: number, blocks: boolean): string {
  const model = state.loaded.find((one) => isCalled(one, name));
  const leaving = state.loaded.filter((one) => one.state === 'unloading').map((one) => one.name);
  if (model?.state === 'loading') {
    // Where its server tells nothing, earlier loads do; the last bit is left to the truth.
    const told = model.progress ?? (model.expectedLoadMs ? Math.min(0.95, (now - model.since) / model.expectedLoadMs) : null);
    return told === null ? `Loading ${model.name} …` : `${progressBar(told, BAR_WIDTH, blocks)} ${String(Math.floor(told * 100)).padStart(3)} %  loading ${model.name}`;
  }
  if (leaving.length > 0) return `Making room: unloading ${leaving.join(', ')} …`;
  return model?.state === 'reserved' ? `${model.name} waits for room …` : `Asking for ${name} …`;
}

/** Draws what is under way on the terminal, until it is told to stop; then the line is empty again. */
export function showProgress(manager: ConnectedManager, terminal: Terminal, name: string): () => void {
  if (!terminal.showsProgress) return () => undefined;
  let state: LiveState | null = null;
  const draw = (): void => {
    if (state) terminal.drawProgress(CLEAR_LINE + progressLine(name, state, Date.now(), terminal.blocks).slice(0, terminal.size().columns - 1));
  };
  const off = manager.on('state', (next) => {
    state = next;
    draw();
  });
  const timer = setInterval(draw, REDRAW_MS);
  return () => {
    clearInterval(timer);
    off();
    if (state) terminal.drawProgress(CLEAR_LINE);
    state = null;
  };
}
