import { useDashboard } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Notice } from '../notice.tsx';
import { ProblemText } from '../problem-text.tsx';
import { HowToStart } from './how-to-start.tsx';

/** A source that does not answer, although models of it are listed: what that means, and how to get it back. */
export function UnavailableNotice({ source }: { source: string }) {
  const provider = useDashboard((state) => state.live?.providers.find(({ id }) => id === source));
  const count = useDashboard((state) => state.models.filter((model) => model.provider === source).length);
  const holding = useDashboard((state) => (state.live?.loaded ?? []).reduce((sum, model) => (model.provider === source ? sum + model.ramUsed : sum), 0));
  if (provider === undefined) return null;
  const name = text.sources.name(provider);
  return (
    <Notice look="warn" role="status">
      {provider.problem === null ? (
        <p className="font-medium">{provider.status === 'absent' ? text.unavailable.absent(name) : text.unavailable.row(name)}.</p>
      ) : (
        <ProblemText problem={provider.problem} />
      )}
      <p className="mt-0.5 text-muted">
        {text.unavailable.models(count)} {holding > 0 && text.unavailable.holding(formatBytes(holding))}
      </p>
      <HowToStart id={provider.id} />
    </Notice>
  );
}
