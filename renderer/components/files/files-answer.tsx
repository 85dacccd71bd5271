import { useEffect, useRef, useState } from 'react';
import type { Recommended } from '../../../contract/index.ts';
import { useActions } from '../../store/dashboard.tsx';
import { useFilesText } from '../../text/files.ts';
import { type FileQuestion, MOST_FILES, questionAbout } from '../../view/file-question.ts';
import { Button } from '../button.tsx';
import { DroppedModels } from '../library/dropped-models.tsx';
import { Refusal } from '../refusal.tsx';
import { Section } from '../section.tsx';
import { Spinner } from '../spinner.tsx';
import { FileGroup } from './file-group.tsx';
import { FilesLeft } from './files-left.tsx';

interface Answer {
  files: readonly File[];
  /** Under which it was asked: a refusal is found by it. */
  key: string;
  question: FileQuestion;
  /** null: there was nothing to ask about, or it was refused. */
  recommended: Recommended | null;
}

/** Which model is right for these files: a row for each group, and what is left. */
export function FilesAnswer({ files }: { files: readonly File[] }) {
  const words = useFilesText();
  const { run, announce, askForFiles, dismissRefusal } = useActions();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const asked = useRef(0);
  // An answer to other files than these is none.
  const shown = answer?.files === files ? answer : null;

  useEffect(() => {
    const had = document.activeElement;
    if (!place.current?.contains(had)) before.current = had;
    place.current?.querySelector<HTMLElement>('[data-section-title]')?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
    let unwanted = false;
    // A key for each: what is asked under one that has not been answered is not sent.
    const key = `recommend:${(asked.current += 1)}`;
    void (async () => {
      const question = await questionAbout(files);
      if (unwanted) return;
      const result = question.subjects.length === 0 ? null : await run(key, 'recommend', { files: question.subjects });
      if (unwanted) return;
      const recommended = result?.ok && result.output.ok ? result.output.value : null;
      setAnswer({ files, key, question, recommended });
      if (result === null || recommended !== null) announce(words.ready(recommended?.groups.map(({ name }) => name) ?? [], recommended?.left.length ?? 0));
    })();
    return () => {
      unwanted = true;
      dismissRefusal(key);
    };
  }, [files, run, announce, dismissRefusal, words]);

  function close() {
    askForFiles(null);
    announce(words.closed);
    const back = before.current instanceof HTMLElement && before.current.isConnected && before.current !== document.body ? before.current : document.querySelector('main');
    back?.focus({ preventScroll: true });
  }

  const groups = shown?.recommended?.groups ?? [];
  return (
    <div
      ref={place}
      className="mb-8"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && event.target instanceof Element && event.target.closest('[role=group]') === null) close();
      }}
    >
      <Section
        title={words.title(files.length)}
        action={
          <Button look="quiet" onClick={close}>
            {words.close}
          </Button>
        }
      >
        <div className="card overflow-hidden">
          {shown === null ? (
            <p className="flex items-center gap-3 px-4 py-5 text-sm text-muted sm:px-5">
              <Spinner />
              {words.looking}
            </p>
          ) : (
            <ul className="divide-y divide-line">
              {groups.map((group) => (
                <FileGroup key={group.id} group={group} names={shown.question.names} recommendations={shown.recommended?.recommendations ?? []} />
              ))}
              <DroppedModels files={shown.question.gguf} />
              <FilesLeft question={shown.question} recommended={shown.recommended} />
            </ul>
          )}
          <div className="border-t border-line px-4 py-2.5 text-[13px] text-muted sm:px-5">
            {groups.length > 1 && <p>{words.inOrder}</p>}
            {files.length > MOST_FILES && <p>{words.only(MOST_FILES, files.length)}</p>}
            <p>{words.privacy}</p>
          </div>
        </div>
        {shown !== null && <Refusal action={shown.key} />}
      </Section>
    </div>
  );
}
