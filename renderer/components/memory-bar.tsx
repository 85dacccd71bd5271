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
  /** Share of the bar (0 to 1) at its end that is more than there is. */
  over?: number;
}

/** A bar of what holds a memory. Every piece tells itself on hover and focus; a model's piece leads to its row. */
export function MemoryBar({ label, segments, limit, thin = false, over = 0 }: MemoryBarProps) {
  const colours = useDashboard((state) => state.colours);
  return (
    <Tooltip.Provider delay={80} closeDelay={0}>
      <div className="relative">
        <ul data-bar aria-label={label} className={`flex gap-0.5 ${thin ? 'h-3' : 'h-9'}`}>
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
                    // What is no model leads nowhere: a picture with words rather than a button.
                    render={model === null ? <div role="img" tabIndex={0} /> : <button type="button" onClick={() => showModel(model.id)} />}
                    aria-label={model === null ? words : `${words}. ${text.hero.showModel}`}
                    className={`block size-full rounded-[3px] ${paint.className}`}
                    style={paint.style}
                  />
                  <Tooltip.Portal>
                    <Tooltip.Positioner sideOffset={8}>
                      <Tooltip.Popup className="rounded-lg bg-ink px-2.5 py-1.5 text-[13px] font-medium text-page shadow-lg">
                        {words}
                      </Tooltip.Popup>
                    </Tooltip.Positioner>
                  </Tooltip.Portal>
                </Tooltip.Root>
              </li>
            );
          })}
        </ul>
        {over > 0 && (
          <span
            data-bar
            aria-hidden="true"
            className="overdrawn pointer-events-none absolute -inset-y-1 right-0 rounded-r-lg border-l-2 border-bad"
            style={{ width: `${over * 100}%` }}
          />
        )}
      </div>
    </Tooltip.Provider>
  );
}
