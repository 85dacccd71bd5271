import type { RefObject } from 'react';
import type { Activity } from '../../../contract/index.ts';
import { useActions, useDashboard, useNavigation } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { activityOffers } from '../../view/activity-offers.ts';
import { ownIdleTime } from '../../view/idle-time.ts';
import { Button } from '../button.tsx';
import { LoadPanel } from '../models/load-panel.tsx';
import { Refusal } from '../refusal.tsx';

/** The model of an entry, as far as the entry's buttons depend on it. Words rather than objects: they stay the same while nothing changes. */
function useOffers(entry: Activity) {
  return useDashboard((state) => {
    const model = state.models.find(({ id }) => id === entry.model);
    const loaded = state.live?.loaded.find(({ weights }) => weights === model?.weights);
    const { load, keep } = activityOffers(entry, model, loaded);
    const idle = model !== undefined && ownIdleTime(state.settings?.config.models.overrides ?? {}, { ...model, aliases: [] }) === null;
    return `${load ? 'load' : ''} ${keep === 'keep-while-room' && idle ? '' : (keep ?? '')}`;
  }).split(' ');
}

interface EntryOffersProps {
  entry: Activity;
  /** The button that loads; gets the focus back from an answer. */
  button: RefObject<HTMLButtonElement | null>;
}

/** What can still be done about an entry: load its model again, or spare it that the next time. */
export function EntryOffers({ entry, button }: EntryOffersProps) {
  const { model: id, name } = entry;
  const [load, keep] = useOffers(entry);
  const phase = useDashboard((state) => (id === null ? undefined : state.requests[id]?.phase));
  const keeping = useDashboard((state) => state.pending[`keep:${id}`] ?? false);
  const leaving = useDashboard((state) => state.pending[`idle:${id}`] ?? false);
  const actions = useActions();
  if (id === null || name === null) return null;
  const asking = phase === 'planning' || phase === 'loading';
  return (
    <div className="flex flex-wrap gap-2 empty:hidden">
      {(load === 'load' || asking) && (
        <Button ref={button} className="min-h-8!" busy={asking} aria-label={text.activity.loadNamed(name)} onClick={() => void actions.askToLoad(id)}>
          {text.activity.load}
        </Button>
      )}
      {keep === 'keep' && (
        <Button className="min-h-8!" busy={keeping} aria-label={text.activity.keepNamed(name)} onClick={() => void actions.keep(id, true)}>
          {text.activity.keep}
        </Button>
      )}
      {keep === 'keep-while-room' && (
        <Button className="min-h-8!" busy={leaving} aria-label={text.activity.keepWhileRoomNamed(name)} onClick={() => void actions.setIdleTime({ id, name, aliases: [] }, null)}>
          {text.activity.keepWhileRoom}
        </Button>
      )}
    </div>
  );
}

/** What came of those buttons, where that needs a word. */
export function EntryAnswers({ entry, button }: EntryOffersProps) {
  const { askToLoad } = useActions();
  const { show } = useNavigation();
  const { model: id, name } = entry;
  if (id === null || name === null) return null;
  return (
    <>
      <LoadPanel
        id={id}
        name={name}
        button={button}
        onInstead={(other) => {
          show({ page: 'models', activity: null, model: other });
          void askToLoad(other);
        }}
      />
      <Refusal action={`keep:${id}`} />
      <Refusal action={`idle:${id}`} />
    </>
  );
}
