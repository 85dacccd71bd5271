import { formatBytes } from '../text/format.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { ProblemText } from './problem-text.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Refusal } from './refusal.tsx';

/** The making of sample models: the offer, its progress, its failure. */
export function Samples() {
  const samples = useDashboard((state) => state.live?.samples);
  const starting = useDashboard((state) => state.pending.samples ?? false);
  const cancelling = useDashboard((state) => state.pending.cancelSamples ?? false);
  const { makeSamples, cancelSamples } = useActions();
  if (samples === undefined) return null;

  if (samples.state === 'making') {
    const known = samples.totalBytes > 0;
    return (
      <div>
        <div className="flex items-center gap-4">
          <div className="min-w-0 grow">
            <p className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
              <span>{samples.current === null ? text.samples.preparing : text.samples.current(samples.current)}</span>
              {known && <span className="text-muted">{text.samples.making(formatBytes(samples.doneBytes), formatBytes(samples.totalBytes))}</span>}
            </p>
            <ProgressBar value={known ? samples.doneBytes / samples.totalBytes : null} label={text.samples.bar} />
          </div>
          <Button busy={cancelling} onClick={() => void cancelSamples()}>
            {text.samples.cancel}
          </Button>
        </div>
        <Refusal action="cancelSamples" />
      </div>
    );
  }
  return (
    <div>
      <p className="max-w-prose text-sm text-muted">{text.samples.explain}</p>
      {samples.state === 'failed' && samples.problem !== null && (
        <div role="alert" className="mt-3 text-sm text-bad">
          <ProblemText problem={samples.problem} />
        </div>
      )}
      <Button className="mt-3" busy={starting && samples.state !== 'failed'} onClick={() => void makeSamples()}>
        {samples.state === 'failed' ? text.samples.again : text.samples.make}
      </Button>
      {/* A failure in the making is told above, from the engine's own state. */}
      {samples.state !== 'failed' && <Refusal action="samples" />}
    </div>
  );
}
