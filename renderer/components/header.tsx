import { Settings } from 'lucide-react';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { addressOf } from '../view/page-address.ts';
import { FreeMemory } from './free-memory.tsx';
import { Logo } from './logo.tsx';
import { ModesMenu } from './modes-menu.tsx';

const inBar = ['memory', 'models', 'activity', 'settings'] as const;

/** Where one is, where one can go, and what can be done for the whole computer. */
export function Header() {
  const page = useDashboard((state) => state.page);
  const signedOut = useDashboard((state) => state.connection === 'signed-out');
  const heard = useDashboard((state) => state.live !== null);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-3 py-4 sm:gap-x-6">
      <h1 className="flex min-h-9 items-center gap-2.5 text-lg font-semibold tracking-tight">
        <Logo />
        <span className="sr-only sm:not-sr-only">{text.app.name}</span>
      </h1>
      {!signedOut && (
        <>
          <nav aria-label={text.navigation} className="order-last flex w-full gap-0.5 rounded-xl bg-sunken p-1 md:order-none md:w-auto">
            {/* Where there is no room for it beside the buttons, the settings are one of the pages in the bar. */}
            {inBar.map((name) => (
              <a
                key={name}
                href={addressOf(name)}
                aria-current={name === page ? 'page' : undefined}
                className={`${name === 'settings' ? 'md:hidden' : ''} grow rounded-lg px-2 py-1 text-center sm:px-3.5 text-sm font-medium text-muted transition-colors hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink aria-[current=page]:shadow-sm`}
              >
                {text.pages[name]}
              </a>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-1.5">
            {heard && (
              <>
                <FreeMemory />
                <ModesMenu />
              </>
            )}
            <a
              href={addressOf('settings')}
              aria-current={page === 'settings' ? 'page' : undefined}
              aria-label={text.pages.settings}
              title={text.pages.settings}
              className="hidden size-9 place-items-center rounded-lg text-muted transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent md:grid"
            >
              <Settings className="size-5" aria-hidden="true" />
            </a>
          </div>
        </>
      )}
    </header>
  );
}
