import { Tooltip } from '@base-ui/react/tooltip';
import { memo, useState } from 'react';
import type { MemoryView } from '../../contract/index.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { colourOf } from '../view/colours.ts';
import type { Segment } from '../view/memory-segments.ts';
import { segmentLabel } from '../view/segment-words.ts';
import { showModel } from '../view/show-model.ts';
import { popupPlace } from '../view/popup-place.ts';
import { segmentPaint } from './swatch.tsx';
import { tooltipPopup } from './tooltip-look.ts';

type Handle = ReturnType<typeof Tooltip.createHandle<string>>;

interface PieceProps {
  kind: Segment['kind'];
  /** The model's id; null for what is no model. */
  id: string | null;
  colour: string | null;
  words: string;
  /** Thousandths of the bar. */
  share: number;
  handle: Handle;
}

/** Only figures that can be seen are handed in, so that a piece is not drawn anew for a byte more or less. */
const Piece = memo(function Piece({ kind, id, colour, words, share, handle }: PieceProps) {
  const paint = segmentPaint(kind, colour);
  return (
    <li className="min-w-1.5 basis-0 transition-[flex-grow] duration-500 first:*:rounded-l-lg last:*:rounded-r-lg" style={{ flexGrow: share }}>
      <Tooltip.Trigger
        handle={handle}
        payload={words}
        delay={80}
        closeDelay={0}
        // What is no model leads nowhere: a picture with words rather than a button.
        render={id === null ? <div role="img" tabIndex={0} /> : <button type="button" onClick={() => showModel(id)} />}
        aria-label={id === null ? words : `${words}. ${text.hero.showModel}`}
        className={`block size-full rounded-[3px] ${paint.className}`}
        style={paint.style}
      />
    </li>
  );
});

/** One tooltip for all pieces. */
const Words = memo(function Words({ handle }: { handle: Handle }) {
  return (
    <Tooltip.Root handle={handle}>
      {({ payload }) => (
        <Tooltip.Portal container={popupPlace()}>
          <Tooltip.Positioner sideOffset={8} collisionPadding={12}>
            <Tooltip.Popup className={tooltipPopup}>{payload}</Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  );
});

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
  const [handle] = useState(() => Tooltip.createHandle<string>());
  return (
    <div className="relative">
      <ul data-bar aria-label={label} className={`flex gap-0.5 ${thin ? 'h-3' : 'h-10 sm:h-11'}`}>
        {segments.map(({ key, kind, model, share, ...segment }) => (
          <Piece
            key={key}
            kind={kind}
            id={model?.id ?? null}
            colour={model === null ? null : colourOf(colours, model.id)}
            words={segmentLabel({ key, kind, model, share, ...segment }, limit)}
            share={Math.round(share * 1000)}
            handle={handle}
          />
        ))}
      </ul>
      {over > 0 && (
        <span
          data-bar
          aria-hidden="true"
          className="overdrawn pointer-events-none absolute -inset-y-1 right-0 rounded-r-lg border-l-2 border-bad"
          style={{ width: `${over * 100}%` }}
        />
      )}
      <Words handle={handle} />
    </div>
  );
}
