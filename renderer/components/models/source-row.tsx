import type { ProviderView } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Command } from '../command.tsx';
import { ProblemText } from '../problem-text.tsx';
import { Refusal } from '../refusal.tsx';
import { HowToStart } from './how-to-start.tsx';

const dots: Record<ProviderView['status'], string> = {
  up: 'bg-good',
  starting: 'bg-accent animate-pulse',
  down: 'bg-bad',
  absent: 'bg-other',
  off: 'bg-other',
};

function details(provider: ProviderView): string {
  return [
    text.sources.status[provider.status],
    provider.status === 'up' ? text.sources.models(provider.installed) : null,
    provider.memory === 'own' ? (provider.kind === 'openai' ? text.sources.online : text.sources.ownMemory) : null,
    provider.url,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function Lost({ provider }: { provider: ProviderView }) {
  const busy = useDashboard((state) => state.pending[`lost:${provider.id}`] ?? false);
  const { reloadLost } = useActions();
  return (
    <div className="mt-3 rounded-xl bg-accent-soft p-3 text-sm">
      <p>{text.sources.lost(provider.lost.map(({ name }) => name))}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button busy={busy} onClick={() => void reloadLost(provider.id, false)}>
          {text.sources.loadAgain(provider.lost.length)}
        </Button>
        <Button look="quiet" onClick={() => void reloadLost(provider.id, true)}>
          {text.sources.dismiss}
        </Button>
      </div>
      <Refusal action={`lost:${provider.id}`} />
    </div>
  );
}

export function SourceRow({ provider }: { provider: ProviderView }) {
  // Where models of it are listed, what is the matter stands above those.
  const told = useDashboard((state) => (provider.status === 'down' || provider.status === 'absent') && state.models.some((model) => model.provider === provider.id));
  return (
    <li className="p-4 sm:px-5">
      <h3 className="flex items-center gap-2 text-sm font-semibold">
        <span className={`size-2 shrink-0 rounded-full ${dots[provider.status]}`} aria-hidden="true" />
        {text.sources.name(provider)}
        {provider.version !== null && <span className="font-normal text-muted">{provider.version}</span>}
      </h3>
      <p className="mt-0.5 text-[13px] break-words text-muted">{details(provider)}</p>
      {provider.problem !== null && !told && (
        <div className="mt-2 text-sm">
          <ProblemText problem={provider.problem} />
        </div>
      )}
      {provider.status === 'absent' && !told && <HowToStart id={provider.id} />}
      {provider.advice.map((advice) => (
        <div key={advice.id} className="mt-3 grid gap-2 text-sm">
          <p className="text-muted">{text.sourceAdvice(advice)}</p>
          {advice.command !== null && <Command command={advice.command} />}
        </div>
      ))}
      {provider.lost.length > 0 && <Lost provider={provider} />}
    </li>
  );
}
