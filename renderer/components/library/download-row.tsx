import type { Download } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { Button } from '../button.tsx';
import { Disclosure } from '../disclosure.tsx';
import { ProblemText } from '../problem-text.tsx';
import { ProgressBar } from '../progress-bar.tsx';
import { Refusal } from '../refusal.tsx';

/** One model on its way here: how far it is, how fast, and how long it will still take. */
export function DownloadRow({ download }: { download: Download }) {
  const words = useLibraryText();
  const { name, from, state, kind, doneBytes, totalBytes, bytesPerSecond, msLeft, parts, problem, checksums, fit } = download;
  const under = state === 'running' || state === 'checking';
  const facts = [
    state === 'running' && kind === 'import' ? words.copying : words.state[state],
    state === 'queued' || (doneBytes === 0 && totalBytes === null) ? null : words.amount(doneBytes, state === 'done' ? null : totalBytes),
    parts !== null && parts.total > 1 && under ? words.parts(parts.done, parts.total) : null,
    bytesPerSecond === null ? null : words.speed(bytesPerSecond),
    msLeft === null ? null : words.left(msLeft),
  ].filter((fact) => fact !== null);
  return (
    <li data-download={download.id} className="p-4 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_17rem]">
          <h3 className="font-semibold [overflow-wrap:anywhere]">{name}</h3>
          {from !== name && from !== `${name}:latest` && <p className="text-[13px] text-muted [overflow-wrap:anywhere]">{from}</p>}
          <p className="mt-0.5 text-[13px] text-muted">{facts.join(' · ')}</p>
        </div>
        <div className="flex shrink-0 flex-wrap gap-1">
          <RowButtons download={download} />
        </div>
      </div>
      {(under || state === 'stopped') && (
        <div className="mt-2">
          <ProgressBar value={totalBytes === null || totalBytes === 0 ? null : doneBytes / totalBytes} label={words.bar(name)} />
        </div>
      )}
      {fit !== null && under && (
        <p role={fit.warns ? 'alert' : undefined} className={`mt-1.5 text-[13px] ${fit.warns ? 'font-medium text-warn' : 'text-muted'}`}>
          {words.coming(fit.needs, fit.fit, fit.unloads)}
          {fit.diskShort !== null && ` ${words.disk(fit.diskShort)}`}
        </p>
      )}
      {problem !== null && (
        <div role="alert" className="mt-2 text-sm text-bad">
          <ProblemText problem={problem} />
        </div>
      )}
      {checksums.length > 0 && (
        <div className="mt-1">
          <Disclosure title={words.checksums}>
            <ul className="pt-1 text-[13px] text-muted">
              {checksums.map(({ file, sha256 }) => (
                <li key={file} className="[overflow-wrap:anywhere]">
                  {file}: <span className="font-mono">{words.checksum(sha256)}</span>
                </li>
              ))}
            </ul>
          </Disclosure>
        </div>
      )}
      <Refusal action={`download:${download.id}`} />
    </li>
  );
}

function RowButtons({ download: { id, name, state, kind } }: { download: Download }) {
  const words = useLibraryText();
  const busy = useDashboard((dashboard) => dashboard.pending[`download:${id}`] ?? false);
  const { run } = useActions();
  const key = `download:${id}`;
  const stop = (discard: boolean) => void run(key, 'cancelPull', { id, discard });
  const goOn = () => void run(key, 'resumePull', { id, by: 'dashboard' });
  switch (state) {
    case 'queued':
    case 'running':
    case 'checking':
      return (
        <Button busy={busy} aria-label={words.named(words.cancel, name)} onClick={() => stop(false)}>
          {words.cancel}
        </Button>
      );
    case 'stopped':
      return (
        <>
          <Button look="soft" busy={busy} aria-label={words.named(words.goOn, name)} onClick={goOn}>
            {words.goOn}
          </Button>
          <Button look="quiet" busy={busy} aria-label={words.named(words.discard, name)} onClick={() => stop(true)}>
            {words.discard}
          </Button>
        </>
      );
    default:
      return (
        <>
          {state === 'failed' && kind !== 'import' && (
            <Button busy={busy} aria-label={words.named(words.again, name)} onClick={goOn}>
              {words.again}
            </Button>
          )}
          <Button look="quiet" busy={busy} aria-label={words.named(words.dismiss, name)} onClick={() => stop(false)}>
            {words.dismiss}
          </Button>
        </>
      );
  }
}
