import { useCallback, useState } from 'react';
import { useActions, useDashboard, useNavigation } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { installedOrders } from '../../view/installed-order.ts';
import { keepPlaces } from '../../view/keep-places.ts';
import { useChoice } from '../../view/use-choice.ts';
import { useHold } from '../../view/use-hold.ts';
import { Button } from '../button.tsx';
import { Section } from '../section.tsx';
import { InstalledRow } from './installed-row.tsx';
import { InstalledToolbar } from './installed-toolbar.tsx';
import { UnavailableNotice } from './unavailable-notice.tsx';
import { type InstalledWish, useInstalled } from './use-installed.ts';

/** Thousands of rows take seconds to draw, and nobody reads them: they are searched. */
const ROWS = 200;

/** Everything that could be loaded: found, put in order, and loaded from here. */
export function InstalledList() {
  const [query, setQuery] = useState('');
  const [wantedSource, setSource] = useState('');
  const [order, setOrder] = useChoice('airdock.models.order', installedOrders);
  const { all, shown, sources, source, row } = useInstalled({ query, order, source: wantedSource });
  const ids = shown.map(({ id }) => id);
  const places = useHold(ids, `${order} ${source} ${query}`);
  const { askToLoad } = useActions();
  const { show } = useNavigation();

  const target = useDashboard((state) => state.target);
  const [shownTarget, setShownTarget] = useState<typeof target>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const clear = () => {
    setQuery('');
    setSource('');
  };
  if (target !== shownTarget) {
    setShownTarget(target);
    if (target?.page === 'models' && target.model !== null) {
      setMarked(target.model);
      // What is to be shown must not be hidden by an earlier search.
      if (!shown.some(({ id }) => id === target.model)) clear();
    }
  }

  const change = useCallback(
    (next: InstalledWish) => {
      setQuery(next.query);
      setSource(next.source);
      if (next.order !== order) setOrder(next.order);
    },
    [order, setOrder],
  );

  const loadInstead = useCallback(
    (id: string) => {
      show({ page: 'models', activity: null, model: id });
      void askToLoad(id);
    },
    [show, askToLoad],
  );

  const byId = new Map(shown.map((model) => [model.id, model]));
  const [most, setMost] = useState(ROWS);
  const inOrder = keepPlaces(places.value, ids).flatMap((id) => byId.get(id) ?? []);
  const rows = inOrder.filter(({ id }, index) => index < most || id === marked);
  const hidden = inOrder.length - rows.length;
  const away = sources.filter(({ status }) => status === 'down' || status === 'absent');
  return (
    <Section title={text.installed.title} aside={shown.length === all ? String(all) : text.installed.countShown(shown.length, all)}>
      <InstalledToolbar
        query={query}
        order={order}
        source={source}
        sources={sources}
        onChange={change}
      />
      <div className="grid gap-3 not-empty:mb-3">
        {away.map(({ id }) => (
          <UnavailableNotice key={id} source={id} />
        ))}
      </div>
      {rows.length === 0 ? (
        <div className="card px-5 py-8 text-center">
          <p className="[overflow-wrap:anywhere]">{query.trim() === '' ? text.installed.noneHere : text.installed.none(query.trim())}</p>
          <Button className="mt-4" onClick={clear}>
            {text.installed.clear}
          </Button>
        </div>
      ) : (
        <ul className="card divide-y divide-line overflow-hidden" {...places.handlers}>
          {rows.map((model) => (
            <InstalledRow key={model.id} {...row(model)} marked={marked === model.id} onInstead={loadInstead} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-3 px-1">
          <Button onClick={() => setMost(most + ROWS)}>{text.installed.showMore(Math.min(ROWS, hidden))}</Button>
          <p className="text-[13px] text-muted">{text.installed.hidden(hidden)}</p>
        </div>
      )}
    </Section>
  );
}
