import type { ProviderView } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import { clockTime } from '../view/times.ts';
import { Button } from './button.tsx';
import { Disclosure } from './disclosure.tsx';
import { Notice } from './notice.tsx';
import { Refusal } from './refusal.tsx';
import { StartOllama } from './start-ollama.tsx';

function Down({ source }: { source: ProviderView }) {
  const holds = useDashboard((state) => {
    const held = Object.values(state.rows).reduce((sum, { model }) => (model.provider === source.id ? sum + model.ramUsed : sum), 0);
    return held === 0 ? null : formatBytes(held);
  });
  return (
    <Notice look="bad" role="alert">
      <p className="font-medium">
        {text.sourceNotices.down(source.label, clockTime(source.since))} {holds !== null && text.sourceNotices.holds(holds)}
      </p>
      {source.problem !== null && <p className="mt-0.5 text-sm text-muted">{text.problemWords(source.problem).message}</p>}
      {source.id === 'ollama' && (
        <Disclosure title={text.sourceNotices.howToStart}>
          <div className="pt-2">
            <StartOllama />
          </div>
        </Disclosure>
      )}
    </Notice>
  );
}

function Lost({ source }: { source: ProviderView }) {
  const key = `lost:${source.id}`;
  const busy = useDashboard((state) => state.pending[key] ?? false);
  const { reloadLost } = useActions();
  return (
    <div>
      <Notice
        look="info"
        role="status"
        actions={
          <>
            <Button busy={busy} onClick={() => void reloadLost(source.id, false)}>
              {text.sourceNotices.loadAgain(source.lost.length)}
            </Button>
            <Button look="quiet" onClick={() => void reloadLost(source.id, true)}>
              {text.sourceNotices.leave}
            </Button>
          </>
        }
      >
        <p>{text.sourceNotices.lost(source.label, source.lost.map(({ name }) => name))}</p>
      </Notice>
      <Refusal action={key} />
    </div>
  );
}

/** What is wrong with where models come from, where it concerns what is in memory: a server that went, or came back without its models. */
export function SourceNotices() {
  const sources = useDashboard((state) => state.live?.providers) ?? [];
  const down = sources.filter(({ status }) => status === 'down');
  const lost = sources.filter((source) => source.status === 'up' && source.lost.length > 0);
  if (down.length + lost.length === 0) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {down.map((source) => (
        <Down key={source.id} source={source} />
      ))}
      {lost.map((source) => (
        <Lost key={source.id} source={source} />
      ))}
    </div>
  );
}
