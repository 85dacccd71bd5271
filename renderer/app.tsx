import { CSPProvider } from '@base-ui/react/csp-provider';
import { useEffect } from 'react';
import { Header } from './components/header.tsx';
import { Pages } from './components/pages.tsx';
import { Shortcuts } from './components/shortcuts.tsx';
import { SignIn } from './components/sign-in.tsx';
import { Waiting } from './components/waiting.tsx';
import { useDashboard } from './store/dashboard.tsx';
import { formatBytes } from './text/format.ts';
import { text } from './text/text.ts';

/** What the browser shows of the page outside of it. A component of its own, so that a new title draws nothing else anew. */
function DocumentFacts() {
  const theme = useDashboard((state) => state.theme);
  const language = useDashboard((state) => state.language);
  const gone = useDashboard((state) => state.connection === 'gone');
  const over = useDashboard((state) => state.live?.memory?.overBudget != null);
  const free = useDashboard((state) => (state.live?.memory == null ? null : formatBytes(Math.max(0, state.live.memory.free))));
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language;
  }, [theme, language]);
  useEffect(() => {
    if (gone) document.title = text.app.titleGone;
    else if (free === null) document.title = text.app.name;
    else document.title = over ? text.app.titleOver : text.app.title(free);
  }, [gone, over, free, language]);
  return null;
}

function Frame() {
  const connection = useDashboard((state) => state.connection);
  const heard = useDashboard((state) => state.live !== null);
  const announcement = useDashboard((state) => state.announcement);
  return (
    // Popups would bring style elements, which the page's policy forbids.
    <CSPProvider disableStyleElements>
      <div className="mx-auto max-w-320 px-4 pb-8 sm:px-6">
        <Header />
        {connection === 'signed-out' ? <SignIn /> : heard ? <Pages /> : <Waiting />}
        {connection !== 'signed-out' && <Shortcuts />}
        <p role="status" className="sr-only">
          {announcement}
        </p>
      </div>
    </CSPProvider>
  );
}

export function App() {
  const language = useDashboard((state) => state.language);
  return (
    <>
      <DocumentFacts />
      {/* Texts are no state, so what was drawn in another language is drawn anew. */}
      <Frame key={language} />
    </>
  );
}
