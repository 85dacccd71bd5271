import { type Connection } from '../store/state.ts';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Logo } from './logo.tsx';

const dots: Record<Connection, string> = {
  live: 'bg-good',
  connecting: 'bg-other animate-pulse',
  gone: 'bg-bad',
  'signed-out': 'bg-other',
};

export function Header() {
  const connection = useDashboard((state) => state.connection);
  return (
    <header className="flex items-center gap-2.5 px-1 py-5">
      <Logo />
      <h1 className="text-xl font-semibold tracking-tight">{text.app.name}</h1>
      {connection !== 'signed-out' && (
        <p className="ml-auto flex items-center gap-2 text-sm text-muted">
          <span className={`size-2 rounded-full ${dots[connection]}`} aria-hidden="true" />
          {text.connection[connection]}
        </p>
      )}
    </header>
  );
}
