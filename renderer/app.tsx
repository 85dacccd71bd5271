import { useEffect } from 'react';
import { formatBytes } from '../contract/format.ts';
import { Header } from './components/header.tsx';
import { MemoryPage } from './components/memory-page.tsx';
import { SignIn } from './components/sign-in.tsx';
import { Waiting } from './components/waiting.tsx';
import { useDashboard } from './store/dashboard.tsx';
import { text } from './text/text.ts';

function useDocument() {
  const theme = useDashboard((state) => state.theme);
  const gone = useDashboard((state) => state.connection === 'gone');
  const memory = useDashboard((state) => state.live?.memory ?? null);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    if (gone) document.title = text.app.titleGone;
    else if (memory === null) document.title = text.app.name;
    else document.title = memory.overBudget === null ? text.app.title(formatBytes(Math.max(0, memory.free))) : text.app.titleOver;
  }, [gone, memory]);
}

export function App() {
  const connection = useDashboard((state) => state.connection);
  const heard = useDashboard((state) => state.live !== null);
  const announcement = useDashboard((state) => state.announcement);
  useDocument();
  return (
    <div className="mx-auto max-w-320 px-4 pb-16 sm:px-6">
      <Header />
      {connection === 'signed-out' ? <SignIn /> : heard ? <MemoryPage /> : <Waiting />}
      <p role="status" className="sr-only">
        {announcement}
      </p>
    </div>
  );
}
