import { Settings } from 'lucide-react';
import { useDashboard } from '../store/dashboard.tsx';
import { type Connection } from '../store/state.ts';
import { text } from '../text/text.ts';
import { addressOf } from '../view/page-address.ts';
import { Logo } from './logo.tsx';

const dots: Record<Connection, string> = {
  live: 'bg-good',
  connecting: 'bg-other animate-pulse',
  gone: 'bg-bad',
  'signed-out': 'bg-other',
};
const inBar = ['memory', 'models', 'activity'] as const;

/** Where one is, and where one can go. */
export function Header() {
  const connection = useDashboard((state) => state.connection);
  const page = useDashboard((state) => state.page);
  const signedOut = connection === 'signed-out';
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4">
      <h1 className="flex items-center gap-2.5 text-xl font-semibold tracking-tight">
        <Logo />
        {text.app.name}
      </h1>
      {!signedOut && (
        <>
          <nav aria-label={text.navigation} className="order-last flex w-full gap-1 sm:order-none sm:w-auto">
            {inBar.map((name) => (
              <a
                key={name}
                href={addressOf(name)}
                aria-current={name === page ? 'page' : undefined}
                className="grow rounded-lg px-3 py-1.5 text-center text-sm font-medium text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:text-ink sm:grow-0"
              >
                {text.pages[name]}
              </a>
            ))}
          </nav>
          <p className="ml-auto flex items-center gap-2 text-sm text-muted">
            <span className={`size-2 rounded-full ${dots[connection]}`} aria-hidden="true" />
            {text.connection[connection]}
          </p>
          <a
            href={addressOf('settings')}
            aria-current={page === 'settings' ? 'page' : undefined}
            aria-label={text.pages.settings}
            className="grid size-9 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:text-ink"
          >
            <Settings className="size-5" aria-hidden="true" />
          </a>
        </>
      )}
    </header>
  );
}
