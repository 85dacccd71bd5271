import { CircleAlert } from 'lucide-react';
import { useDashboard } from '../store/dashboard.tsx';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { hostModels, ramSegments } from '../view/memory-segments.ts';
import { Counted } from './counted.tsx';
import { Legend } from './legend.tsx';
import { MemoryBar } from './memory-bar.tsx';
import { VramBars } from './vram-bars.tsx';

/** A PSI average above this is felt: programs stand still for a tenth of the time. */
const felt = 10;

/** What is asked first: how much is free for models, and what holds the rest. */
export function Hero() {
  const live = useDashboard((state) => state.live);
  const order = useDashboard((state) => state.order);
  const stale = useDashboard((state) => state.connection === 'gone');
  const memory = live?.memory ?? null;
  if (live === null || memory === null) {
    return <section aria-label={text.hero.label} className="card grid min-h-56 place-items-center p-8 text-muted">{text.hero.waiting}</section>;
  }
  const over = memory.overBudget;
  const models = hostModels(live).toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  const segments = ramSegments(memory, models);
  const held = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const overShare = over === null || held === 0 ? 0 : Math.min(1, over.bytes / held);
  // "7.8 GB" in two sizes: the figure is what the eye looks for.
  const [figure, unit] = formatBytes(over === null ? Math.max(0, memory.free) : over.bytes).split(' ');
  const total = formatBytes(memory.total);
  return (
    <section aria-label={text.hero.label} className={`card px-4 py-5 sm:p-8 ${over === null ? '' : 'border-bad! ring-1 ring-bad'}`}>
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className={`font-semibold tracking-tight whitespace-nowrap ${over === null ? '' : 'text-bad'}`}>
          <span data-testid="figure" className="text-6xl leading-none sm:text-7xl">{figure}</span>
          <span className="ml-2 text-2xl sm:text-3xl">{unit}</span>
        </span>
        <span className={`text-lg ${over === null ? '' : 'font-semibold text-bad'}`}>{over === null ? text.hero.free : text.hero.over}</span>
        <span className="text-muted">{memory.unified ? text.hero.ofShared(total) : text.hero.of(total)}</span>
      </p>
      {over !== null && (
        <p role="alert" className="mt-4 flex gap-2 font-medium text-bad">
          <CircleAlert className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
          {text.overBudget(over, memory.reserve)}
        </p>
      )}
      <div className={`mt-5 sm:mt-6 ${stale ? 'opacity-50 saturate-50' : ''}`}>
        <MemoryBar label={text.hero.bar} segments={segments} limit={memory.limit} over={overShare} />
      </div>
      <div className="mt-3 empty:hidden sm:mt-4">
        <Legend segments={segments} limit={memory.limit} />
      </div>
      <VramBars memory={memory} models={live.loaded} />
      {memory.pressure !== null && memory.pressure.some > felt && <p className="mt-4 text-sm text-warn">{text.hero.pressure}</p>}
      <Counted />
    </section>
  );
}
