import { useMemo } from 'react';
import type { InstalledModel } from '../../../contract/index.ts';
import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { statusWords } from '../../view/fit-words.ts';
import { inOrder, type InstalledOrder } from '../../view/installed-order.ts';
import { matches, searchText } from '../../view/installed-search.ts';
import { installedStatus, standing, type InstalledStatus, type Standing } from '../../view/installed-status.ts';
import { ownIdleTime } from '../../view/idle-time.ts';
import { lastUnloadWords } from '../../view/last-unload-words.ts';
import { modelDoing } from '../../view/model-doing.ts';
import { asWished, unloadRemedy } from '../../view/unload-remedy.ts';
import { useMinute } from '../../view/use-minute.ts';

const inWords = (capability: string) => text.capabilities[capability] ?? capability;
/** Out of memory, so that it is worth knowing why. */
const out: ReadonlySet<InstalledStatus> = new Set<InstalledStatus>(['none', 'absent', 'unavailable', 'off']);
/** What is in memory is of use now: it goes before all that has left. */
const now = Number.MAX_SAFE_INTEGER;

export interface InstalledWish {
  query: string;
  order: InstalledOrder;
  /** A source's id; empty: all. */
  source: string;
}

/** The installed models that are asked for, in order, and what their rows say. */
export function useInstalled(wish: InstalledWish) {
  const models = useDashboard((state) => state.models);
  const activity = useDashboard((state) => state.activity);
  const stands = useDashboard((state) => standing(state.live));
  const requests = useDashboard((state) => state.requests);
  const pending = useDashboard((state) => state.pending);
  const refusals = useDashboard((state) => state.refusals);
  const overrides = useDashboard((state) => state.settings?.config.models.overrides);
  const limit = useDashboard((state) => state.live?.limit ?? 0);
  const minute = useMinute();

  const known = useMemo(() => {
    const states = JSON.parse(stands) as Standing;
    const label = (id: string) => states.sources?.[id]?.[0] ?? id;
    const sources = [...new Set(models.map((model) => model.provider))].map((id) => ({ id, label: label(id), status: states.sources?.[id]?.[1] ?? 'up' }));
    return {
      label,
      sources,
      statusOf: (model: InstalledModel) => installedStatus(model, states),
      names: new Map(models.map((model) => [model.id, model.name])),
    };
  }, [models, stands]);

  const { query, order } = wish;
  const source = known.sources.some(({ id }) => id === wish.source) ? wish.source : '';
  const shown = useMemo(() => {
    const wanted = models.filter((model) => (source === '' || model.provider === source) && (query.trim() === '' || matches(searchText(model, inWords), query)));
    return inOrder(wanted, order, { status: known.statusOf, lastUsed: (model) => (out.has(known.statusOf(model)) ? (model.lastUnload?.at ?? null) : now) });
  }, [models, known, query, order, source]);

  function row(model: InstalledModel) {
    const status = known.statusOf(model);
    const entry = model.lastUnload === null ? undefined : activity.find(({ id }) => id === model.lastUnload?.activity);
    const newcomer = entry?.forModel == null ? null : (known.names.get(entry.forModel) ?? entry.forModel);
    const last = model.lastUnload && asWished(model.lastUnload, entry?.by ?? null);
    const remedy = status === 'none' ? unloadRemedy({ ...model, lastUnload: last }) : null;
    const kept = remedy === 'keep-while-room' && ownIdleTime(overrides ?? {}, { ...model, aliases: [] }) === null;
    return {
      model,
      status,
      fit: statusWords(model, status, known.label(model.provider), { nameOf: (id) => known.names.get(id) ?? null, limit }),
      source: known.label(model.provider),
      left: out.has(status) && last !== null ? lastUnloadWords(last, newcomer, minute) : null,
      remedy: kept ? ('kept-while-room' as const) : remedy,
      doing: modelDoing({ requests, pending, refusals }, model.id),
    };
  }

  return { all: models.length, shown, sources: known.sources, source, row };
}
