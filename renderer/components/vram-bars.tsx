import { formatBytes } from '../text/format.ts';
import type { LoadedModel, MemoryView } from '../../contract/index.ts';
import { text } from '../text/text.ts';
import { vramSegments } from '../view/memory-segments.ts';
import { MemoryBar } from './memory-bar.tsx';

/** One thin bar for each GPU with a memory of its own; nothing elsewhere. */
export function VramBars({ memory, models }: { memory: MemoryView; models: readonly LoadedModel[] }) {
  if (memory.vram.length === 0) return null;
  return (
    <ul className="mt-6 grid gap-4">
      {memory.vram.map((device) => (
        <li key={device.id}>
          <p className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
            <span className="font-medium">{device.name}</span>
            <span className="text-muted">{text.hero.vram(formatBytes(device.free), formatBytes(device.total))}</span>
          </p>
          <MemoryBar thin label={text.hero.vramBar(device.name)} segments={vramSegments(device, models)} limit={null} />
        </li>
      ))}
    </ul>
  );
}
