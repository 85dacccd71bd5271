import type { LiveState, LoadedModel, MemoryView } from '../../contract/index.ts';

/** One piece of the memory bar, in bytes and as a share (0 to 1) of its width. */
export interface Segment {
  key: string;
  kind: 'other' | 'reserve' | 'limit' | 'model' | 'booked' | 'leaving' | 'free';
  /** The model, for the three kinds that are one. */
  model: LoadedModel | null;
  bytes: number;
  share: number;
}

/** Below this a piece is noise of the reading rather than something to explain. */
const noise = 64 * 1024 * 1024;

function kindOf(model: LoadedModel): Segment['kind'] {
  if (model.state === 'reserved' || model.state === 'loading') return 'booked';
  return model.state === 'unloading' ? 'leaving' : 'model';
}

function withShares(pieces: Omit<Segment, 'share'>[]): Segment[] {
  const whole = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  return pieces.filter((piece) => piece.bytes > 0).map((piece) => ({ ...piece, share: whole > 0 ? piece.bytes / whole : 0 }));
}

/** Models that take this computer's RAM; those in a container's or another host's memory do not. */
export function hostModels(state: LiveState): LoadedModel[] {
  const elsewhere = new Set(state.providers.filter((provider) => provider.memory === 'own').map((provider) => provider.id));
  return state.loaded.filter((model) => !elsewhere.has(model.provider));
}

/** The RAM bar, left to right: what others hold, what is kept back, the models in the order of the rows, free room. */
export function ramSegments(memory: MemoryView, models: readonly LoadedModel[]): Segment[] {
  // What a cgroup or the configured limit withholds is neither used by others nor free for models.
  const withheld = memory.limit === null ? 0 : memory.total - memory.otherPrograms - memory.reserve - memory.capacity;
  return withShares([
    { key: 'other', kind: 'other', model: null, bytes: memory.otherPrograms },
    { key: 'limit', kind: 'limit', model: null, bytes: withheld > noise ? withheld : 0 },
    { key: 'reserve', kind: 'reserve', model: null, bytes: memory.reserve },
    ...models.map((model) => ({ key: model.id, kind: kindOf(model), model, bytes: model.ramUsed })),
    { key: 'free', kind: 'free', model: null, bytes: Math.max(0, memory.free) },
  ]);
}

/** A GPU's bar: each model's part, what others hold, free. */
export function vramSegments(device: MemoryView['vram'][number], models: readonly LoadedModel[]): Segment[] {
  const parts = models.map((model) => ({ key: model.id, kind: kindOf(model), model, bytes: model.footprint.vram[device.id] ?? 0 }));
  const known = parts.reduce((sum, part) => sum + part.bytes, 0);
  const other = Math.max(0, device.total - device.free - known);
  return withShares([
    { key: 'other', kind: 'other', model: null, bytes: other > noise ? other : 0 },
    ...parts,
    { key: 'free', kind: 'free', model: null, bytes: device.free },
  ]);
}
