import { Toolbar } from '@base-ui/react/toolbar';
import { Tooltip } from '@base-ui/react/tooltip';
import { ArrowDownToLine, ArrowUpFromLine, TriangleAlert, X } from 'lucide-react';
import { memo } from 'react';
import type { InstalledModel } from '../../contract/index.ts';
import { useDashboard, useNavigation } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import type { HistoryMark, MarkKind } from '../view/history-marks.ts';
import { entrySentence } from '../view/entry-sentence.ts';
import { clockTime } from '../view/times.ts';
import { popupPlace } from '../view/popup-place.ts';
import { tooltipPopup } from './tooltip-look.ts';

/** Arrows as in the activity list: down into memory, up and out of it. */
const looks: Record<MarkKind, { paint: string; Icon: typeof X }> = {
  load: { paint: 'text-good', Icon: ArrowDownToLine },
  left: { paint: 'text-muted', Icon: ArrowUpFromLine },
  room: { paint: 'text-accent', Icon: ArrowUpFromLine },
  yield: { paint: 'text-warn', Icon: TriangleAlert },
  failed: { paint: 'text-bad', Icon: X },
};

const nameOf = (models: readonly InstalledModel[], id: string | null) => (id === null ? '' : (models.find((model) => model.id === id)?.name ?? id));

/** What happened, under the time when it did: told on hover and focus; a click leads to the entry in the activity list. */
function Marks({ marks }: { marks: readonly HistoryMark[] }) {
  const { show } = useNavigation();
  // As one string, so that nothing is drawn for every change of the list of models.
  const newcomers = useDashboard((state) => marks.flatMap(({ entries }) => entries.map(({ forModel }) => nameOf(state.models, forModel))).join('\n'));
  const names = newcomers.split('\n');
  const ids = marks.flatMap(({ entries }) => entries.map(({ id }) => id));
  const sentence = (entry: HistoryMark['entries'][number]) => `${clockTime(entry.at)} ${entrySentence(entry, names[ids.indexOf(entry.id)] || null).words}`;
  return (
    <Tooltip.Provider delay={80} closeDelay={0}>
      <Toolbar.Root aria-label={text.history.marks} className="relative mt-1 h-6">
        {marks.map((mark) => {
          const { paint, Icon } = looks[mark.kind];
          return (
            <Tooltip.Root key={mark.entries[0]?.id}>
              <Tooltip.Trigger
                render={<Toolbar.Button />}
                aria-label={text.history.mark(mark.entries.length, mark.entries.map(sentence).join(' '))}
                onClick={() => show({ page: 'activity', activity: mark.id, model: null })}
                className={`absolute top-0 grid size-6 -translate-x-1/2 place-items-center rounded-full hover:bg-sunken ${paint}`}
                style={{ left: `clamp(12px, ${mark.place * 100}%, calc(100% - 12px))` }}
              >
                <Icon className="size-4" aria-hidden="true" />
                {mark.entries.length > 1 && <span className="absolute -top-1 -right-0.5 rounded-full bg-surface px-0.5 text-[10px] leading-3 font-semibold text-ink">{mark.entries.length}</span>}
              </Tooltip.Trigger>
              <Tooltip.Portal container={popupPlace()}>
                <Tooltip.Positioner sideOffset={6} collisionPadding={12}>
                  <Tooltip.Popup className={`${tooltipPopup} max-w-80`}>
                    {mark.entries.slice(-4).map((entry) => (
                      <p key={entry.id}>{sentence(entry)}</p>
                    ))}
                    {mark.entries.length > 4 && <p>{text.history.more(mark.entries.length - 4)}</p>}
                  </Tooltip.Popup>
                </Tooltip.Positioner>
              </Tooltip.Portal>
            </Tooltip.Root>
          );
        })}
      </Toolbar.Root>
    </Tooltip.Provider>
  );
}

export const HistoryMarks = memo(Marks);
