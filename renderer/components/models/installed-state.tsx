import type { InstalledModel } from '../../../contract/index.ts';
import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import type { FitWords } from '../../view/fit-words.ts';
import type { InstalledStatus } from '../../view/installed-status.ts';
import { isNearlyDone } from '../../view/loaded-status.ts';
import { ProgressBar } from '../progress-bar.tsx';

const dots: Record<FitWords['tone'], string> = { good: 'bg-good', warn: 'bg-warn', bad: 'bg-bad', active: 'bg-accent', none: 'bg-other' };

/** How far a load is, in a percentage that only the row of that model follows. */
function Loading({ model }: { model: InstalledModel }) {
  const percent = useDashboard((state) => {
    const progress = state.live?.loaded.find(({ weights }) => weights === model.weights)?.progress ?? null;
    return progress === null ? null : isNearlyDone(progress) ? 100 : Math.floor(progress * 100);
  });
  return (
    <div className="min-w-0 flex-[1_1_5.5rem]">
      <p className="mb-1.5 text-sm">{percent === null ? text.installed.loading : percent === 100 ? text.status.loadingEnds : text.installed.loadingPercent(percent / 100)}</p>
      <ProgressBar value={percent === null ? null : percent / 100} label={text.installed.loadingNamed(model.name)} />
    </div>
  );
}

/** Whether a model fits, or how it stands in memory. */
export function InstalledState({ model, status, fit }: { model: InstalledModel; status: InstalledStatus; fit: FitWords }) {
  if (status === 'loading') return <Loading model={model} />;
  return (
    <p className="flex min-w-0 flex-[1_1_5.5rem] items-baseline gap-2 text-sm">
      <span className={`relative -top-px size-2 shrink-0 rounded-full ${dots[fit.tone]}`} aria-hidden="true" />
      <span className="min-w-0 [overflow-wrap:anywhere]">{fit.words}</span>
    </p>
  );
}
