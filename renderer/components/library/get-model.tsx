import { type DragEvent, type FormEvent, useId, useRef, useState } from 'react';
import type { DownloadCheck } from '../../../contract/index.ts';
import { bridgeOf } from '../../desktop.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { isPath, withoutQuotes } from '../../view/download-source.ts';
import { Button } from '../button.tsx';
import { Refusal } from '../refusal.tsx';
import { Section } from '../section.tsx';
import { CheckAnswer } from './check-answer.tsx';
import { DownloadRow } from './download-row.tsx';
import { FileAnswer } from './file-answer.tsx';

interface Answer {
  source: string;
  check: DownloadCheck;
}

/** A model by its name, its address or its path: what is known of it first, then how it comes. */
export function GetModel() {
  const words = useLibraryText();
  const downloads = useDashboard((state) => state.live?.downloads);
  const checking = useDashboard((state) => state.pending.checkDownload ?? false);
  const { run, dismissRefusal } = useActions();
  const [source, setSource] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const field = useId();
  const hint = useId();
  const input = useRef<HTMLInputElement>(null);
  const [unplaced, setUnplaced] = useState(false);
  /** The last question: an answer to one before it is about something else. */
  const asked = useRef(0);

  async function look(event: FormEvent) {
    event.preventDefault();
    if (!checking) await ask(source);
  }

  async function ask(text: string) {
    const wanted = withoutQuotes(text);
    if (wanted === '') return;
    setAnswer(null);
    dismissRefusal('pullModel');
    const question = ++asked.current;
    const result = await run('checkDownload', 'checkDownload', { source: wanted });
    if (question === asked.current && result.ok && result.output.ok) setAnswer({ source: wanted, check: result.output.value });
  }

  /** A file: only the desktop app knows where it lies. Anything else that was dropped is taken for an address. */
  function drop(event: DragEvent) {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    const dropped = file === undefined ? event.dataTransfer.getData('text/plain').trim() : (bridgeOf(window)?.pathOf(file) ?? '');
    setUnplaced(file !== undefined && dropped === '');
    input.current?.focus();
    if (dropped === '') return;
    asked.current += 1;
    setSource(dropped);
    setAnswer(null);
    if (isPath(dropped)) void ask(dropped);
  }

  function over(begun: boolean) {
    setAnswer(null);
    if (begun) setSource('');
    input.current?.focus();
  }

  return (
    <Section title={words.title}>
      <div className="card divide-y divide-line" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <div className="p-4 sm:px-5">
          <form onSubmit={(event) => void look(event)}>
            <label htmlFor={field} className="text-[13px] text-muted">
              {words.label}
            </label>
            <div className="mt-1 flex flex-wrap gap-2">
              <input
                ref={input}
                id={field}
                value={source}
                spellCheck={false}
                autoCapitalize="off"
                autoComplete="off"
                maxLength={4096}
                aria-describedby={hint}
                placeholder={words.placeholder}
                onChange={(event) => {
                  setSource(event.target.value);
                  // What was said is about another name.
                  asked.current += 1;
                  setAnswer(null);
                  setUnplaced(false);
                }}
                className="h-9 min-w-40 flex-1 rounded-lg border border-line-strong bg-surface px-3 text-sm placeholder:text-muted"
              />
              <Button type="submit" busy={checking}>
                {words.check}
              </Button>
            </div>
            <p id={hint} className="mt-1.5 text-[13px] text-muted">
              {words.hint}
            </p>
            {unplaced && (
              <p role="alert" className="mt-1.5 text-sm">
                {words.noPath}
              </p>
            )}
          </form>
          <div role="status">
            {checking && <span className="sr-only">{words.checking}</span>}
            {answer !== null && (answer.check.kind === 'import' ? <FileAnswer file={answer.source} check={answer.check} onOver={over} /> : <CheckAnswer {...answer} onOver={over} />)}
          </div>
          <Refusal action="checkDownload" />
          <Refusal action="pullModel" />
        </div>
        {downloads !== undefined && downloads.length > 0 && (
          <ul aria-label={words.list} className="divide-y divide-line">
            {downloads.map((download) => (
              <DownloadRow key={download.id} download={download} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
