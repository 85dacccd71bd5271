import { useDashboard } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Disclosure } from '../disclosure.tsx';
import { Notice } from '../notice.tsx';
import { StartOllama } from '../start-ollama.tsx';

/** A source that does not answer, although models of it are listed: what that means, and how to get it back. */
export function UnavailableNotice({ source }: { source: string }) {
  const provider = useDashboard((state) => state.live?.providers.find(({ id }) => id === source));
  const count = useDashboard((state) => state.models.filter((model) => model.provider === source).length);
  const holding = useDashboard((state) => (state.live?.loaded ?? []).reduce((sum, model) => (model.provider === source ? sum + model.ramUsed : sum), 0));
  if (provider === undefined) return null;
  return (
    <Notice look="warn" role="status">
      <p className="font-medium">{provider.problem?.message ?? `${provider.status === 'absent' ? text.unavailable.absent(text.sources.name(provider)) : text.unavailable.row(text.sources.name(provider))}.`}</p>
      {provider.problem?.hint !== undefined && <p className="mt-0.5">{provider.problem.hint}</p>}
      <p className="mt-0.5 text-muted">
        {text.unavailable.models(count)} {holding > 0 && text.unavailable.holding(formatBytes(holding))}
      </p>
      {provider.kind === 'ollama' && (
        <div className="mt-1">
          <Disclosure title={text.sources.howToStart}>
            <div className="pt-2">
              <StartOllama />
            </div>
          </Disclosure>
        </div>
      )}
    </Notice>
  );
}
