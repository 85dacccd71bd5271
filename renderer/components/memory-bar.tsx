import { Tooltip } from '@base-ui/react/tooltip';
import type { MemoryView } from '../../contract/index.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { colourOf } from '../view/colours.ts';
import type { Segment } from '../view/memory-segments.ts';
import { segmentLabel } from '../view/segment-words.ts';
import { showModel } from '../view/show-model.ts';
import { segmentPaint } from './swatch.tsx';

interface MemoryBarProps {
  label: string;
  segments: readonly Segment[];
  limit: MemoryView['limit'];
  thin?: boolean;
}

/** A bar of what holds a memory. Every piece tells itself on hover and focus; a model's piece leads to its row. */
export function MemoryBar({ label, segments, limit, thin = false }: MemoryBarProps) {
  const colours = useDashboard((state) => state.colours);
  return (
    <Tooltip.Provider delay={80} closeDelay={0}>
      <ul data-bar aria-label={label} className={`flex gap-0.5 overflow-visible ${thin ? 'h-3' : 'h-9'}`}>
        {segments.map((segment) => {
          const { model } = segment;
          const paint = segmentPaint(segment.kind, model === null ? null : colourOf(colours, model.id));
          const words = segmentLabel(segment, limit);
          return (
            <li
              key={segment.key}
              className="min-w-1.5 basis-0 transition-[flex-grow] duration-500 first:*:rounded-l-lg last:*:rounded-r-lg"
              style={{ flexGrow: segment.share * 1000 }}
            >
              <Tooltip.Root>
                <Tooltip.Trigger
                  aria-label={words}
                  className={`block size-full rounded-[3px] ${paint.className} ${model === null ? 'cursor-default!' : ''}`}
                  style={paint.style}
                  onClick={() => {
                    if (model !== null) showModel(model.id);
                  }}
                />
                <Tooltip.Portal>
                  <Tooltip.Positioner sideOffset={8}>
                    <Tooltip.Popup className="rounded-lg bg-ink px-2.5 py-1.5 text-[13px] font-medium text-page shadow-lg">
                      {words}
                      {model !== null && <span className="sr-only">. {text.hero.showModel(model.name)}</span>}
                    </Tooltip.Popup>
                  </Tooltip.Positioner>
                </Tooltip.Portal>
              </Tooltip.Root>
            </li>
          );
        })}
      </ul>
    </Tooltip.Provider>
  );
}
