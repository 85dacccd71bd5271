import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { DashboardPage } from '../../contract/index.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { useShownTarget } from '../view/use-shown-target.ts';
import { Banners } from './banners.tsx';
import { PageMissing } from './page-missing.tsx';
import { MemoryPage } from './pages/memory-page.tsx';

const missing = () => ({ default: PageMissing });
const load = {
  models: () => import('./pages/models-page.tsx').then((module) => ({ default: module.ModelsPage }), missing),
  activity: () => import('./pages/activity-page.tsx').then((module) => ({ default: module.ActivityPage }), missing),
  settings: () => import('./pages/settings-page.tsx').then((module) => ({ default: module.SettingsPage }), missing),
};

/** Memory is what is seen first; the others are fetched when they are wanted, or when there is nothing else to do. */
const pages = { memory: MemoryPage, models: lazy(load.models), activity: lazy(load.activity), settings: lazy(load.settings) } satisfies Record<DashboardPage, unknown>;

/** Out of the same chunk as the page Models, whose parts it shares: one of its own would split what is fetched first into more pieces. */
const FilesPlace = lazy(async () => ({ default: await import('./pages/models-page.tsx').then((module) => module.FilesPlace, () => () => null) }));

/** Time for the first picture before the other pages are fetched in advance. */
const calmMs = 2_000;

/** The page that the address names. */
export function Pages() {
  const page = useDashboard((state) => state.page);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  const Page = pages[page];

  // Files can be dropped on any page; whoever brings some does not wait.
  const [calm, setCalm] = useState(false);
  const hasFiles = useDashboard((state) => state.files !== null);
  useEffect(() => {
    const takeFiles = () => setCalm(true);
    const timer = setTimeout(() => {
      takeFiles();
      void Promise.all(Object.values(load).map((fetch) => fetch()));
    }, calmMs);
    window.addEventListener('dragenter', takeFiles, { once: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('dragenter', takeFiles);
    };
  }, []);

  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [page]);
  // After the page itself has taken the focus.
  useShownTarget(main);

  return (
    <main ref={main} tabIndex={-1} aria-label={text.pages[page]} className="outline-none">
      <Banners />
      {(calm || hasFiles) && (
        <Suspense>
          <FilesPlace />
        </Suspense>
      )}
      <Suspense fallback={<div className="card h-72 animate-pulse" aria-hidden="true" />}>
        <Page />
      </Suspense>
      <div data-popups />
    </main>
  );
}
