import type { LiveState, LoadedModel } from '../../contract/index.ts';
import type { ConnectedManager } from '../client/connect-manager.ts';
import { progressBar } from './gauge.ts';
import type { Terminal } from './terminal.ts';

const BAR_WIDTH = 24;
const REDRAW_MS = 200;
const ALMOST = 0.99;
const CLEAR_LINE = '\r\x1b[K';

/** Whether this is the model that was asked for by that name: full or short, with or without `:latest`. */
export function isCalled(model: Pick<LoadedModel, 'id' | 'name' | 'aliases'>, name: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/:latest$/, '');
  const wanted = bare(name);
  return [model.id, model.name, ...model.aliases].some((own) => bare(own) === wanted || bare(own.slice(own.indexOf('/') + 1)) === wanted);
}

/** What is under way for a load: in words, and how far it is where that is known. */
export interface Progress {
  text: string;
  share: number | null;
}

/** Pure. */
export function progressOf(name: string, state: LiveState, now: number): Progress {
  const model = state.loaded.find((one) => isCalled(one, name));
  if (model?.state === 'loading') return { text: `loading ${model.name}`, share: loadShare(model, now) };
  const leaving = state.loaded.filter((one) => one.state === 'unloading').map((one) => one.name);
  if (leaving.length > 0) return { text: `Making room: unloading ${leaving.join(', ')} …`, share: null };
  return { text: model?.state === 'reserved' ? `${model.name} waits for room …` : `Asking for ${name} …`, share: null };
}

/** How far a load is, 0 to 1: as its server says, else by how long it took before. The last bit is left to its end. */
export function loadShare({ progress, expectedLoadMs, since }: Pick<LoadedModel, 'progress' | 'expectedLoadMs' | 'since'>, now: number): number | null {
  const share = progress ?? (expectedLoadMs ? (now - since) / expectedLoadMs : null);
  return share === null ? null : Math.min(ALMOST, Math.max(0, share));
}

/** Draws what is under way on the terminal, until it is told to stop; then the line is empty again. */
export function showProgress(manager: ConnectedManager, terminal: Terminal, name: string): () => void {
  if (!terminal.showsProgress) return () => undefined;
  let state: LiveState | null = null;
  let furthest = 0;
  const draw = (): void => {
    if (!state) return;
    const { text, share } = progressOf(name, state, Date.now());
    // What a server says may come late, and below what was expected: a bar that goes back would only irritate.
    furthest = share === null ? 0 : Math.max(furthest, share);
    const line = share === null ? text : `${progressBar(furthest, BAR_WIDTH, terminal.blocks)} ${String(Math.floor(furthest * 100)).padStart(3)} %  ${text}`;
    terminal.drawProgress(CLEAR_LINE + line.slice(0, terminal.size().columns - 1));
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
