import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Banners } from './banners.tsx';

/** Nothing has been heard yet. The space of what will come is kept, so that the page does not jump when it does. */
export function Waiting() {
  const gone = useDashboard((state) => state.connection === 'gone');
  return (
    <main>
      <Banners />
      {!gone && <p role="status" className="sr-only">{text.connection.connectingLong}</p>}
      <div aria-hidden="true" className={`card h-72 p-5 sm:p-8 ${gone ? 'opacity-50' : 'animate-pulse'}`}>
        <div className="h-12 w-40 rounded-lg bg-sunken sm:h-15" />
        <div className="mt-6 h-9 rounded-lg bg-sunken" />
        <div className="mt-4 h-4 w-2/3 rounded-lg bg-sunken" />
      </div>
    </main>
  );
}
