import type { LoadedModel } from '../../contract/index.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';

/** What there is to say about a model in memory besides its name, size and state. */
export function loadedDetails(model: LoadedModel, providerLabel: string): string {
  const vram = Object.values(model.footprint.vram).reduce((sum, bytes) => sum + bytes, 0);
  return [
    text.loaded.known[model.footprintSource],
    vram > 0 ? text.loaded.vram(formatBytes(vram)) : null,
    text.loaded.device(model.device),
    model.contextLength === null ? null : text.loaded.context(model.contextLength),
    providerLabel,
    model.loadedBy !== null ? text.loaded.by(model.loadedBy) : model.foreign ? text.loaded.byAnother : null,
    model.aliases.length > 0 ? text.loaded.also(model.aliases) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
