import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { addressOf } from '../view/page-address.ts';
import { absentSources } from '../view/absent-sources.ts';

/** An Ollama that has never answered, in one quiet line: who does not use it should not be bothered, and who does should not have to guess. */
export function AbsentSources() {
  const providers = useDashboard((state) => state.live?.providers);
  const host = useDashboard((state) => state.settings?.config.providers.ollama.host);
  const absent = absentSources(providers ?? [], host);
  return absent.map(({ id, label, url, from }) => (
    <p key={id} className="mt-3 px-1 text-[13px] wrap-anywhere text-muted">
      {text.sourceNotices.absent(label, url, from)}{' '}
      <a href={addressOf('settings')} className="text-ink underline decoration-line-strong underline-offset-2 hover:decoration-current">
        {text.sourceNotices.absentRemedy}
      </a>
    </p>
  ));
}
