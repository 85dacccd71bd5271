import { type FormEvent, useId, useState } from 'react';
import type { Problem } from '../../../contract/index.ts';
import { bridgeOf } from '../../desktop.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { platformOf } from '../../view/platform.ts';
import { Button } from '../button.tsx';
import { ProblemText } from '../problem-text.tsx';

/** Names a folder of GGUF files: with the system's own dialog in the desktop app, by its path in a browser, which cannot hand one over. */
export function FolderForm() {
  const problem = useDashboard((state) => state.refusals.addFolder);
  const error = useId();
  const bridge = bridgeOf(window);
  return (
    <div>
      {bridge === null ? <TypedFolder describedBy={problem === undefined ? undefined : error} /> : <ChosenFolder choose={() => bridge.chooseFolder({})} />}
      {problem !== undefined && (
        <div id={error} role="alert" className="mt-2 text-sm text-bad [overflow-wrap:anywhere]">
          <ProblemText problem={problem} />
        </div>
      )}
    </div>
  );
}

function ChosenFolder({ choose }: { choose: () => ReturnType<NonNullable<ReturnType<typeof bridgeOf>>['chooseFolder']> }) {
  const adding = useDashboard((state) => state.pending.addFolder ?? false);
  const [failed, setFailed] = useState<Problem | 'no dialog' | null>(null);
  const [choosing, setChoosing] = useState(false);
  const { addFolder } = useActions();

  async function chosen() {
    setFailed(null);
    setChoosing(true);
    const answer = await choose().catch(() => null);
    setChoosing(false);
    if (answer?.ok !== true) return setFailed(answer?.problem ?? 'no dialog');
    if (answer.value.path !== null) await addFolder(answer.value.path);
  }

  return (
    <>
      <Button busy={adding || choosing} onClick={() => void chosen()}>
        {text.sources.chooseFolder}
      </Button>
      {failed !== null && (
        <div role="alert" className="mt-2 text-sm text-bad">
          {failed === 'no dialog' ? text.sources.folderFailed : <ProblemText problem={failed} />}
        </div>
      )}
    </>
  );
}

function TypedFolder({ describedBy }: { describedBy: string | undefined }) {
  const [path, setPath] = useState('');
  const busy = useDashboard((state) => state.pending.addFolder ?? false);
  const { addFolder } = useActions();
  const field = useId();

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = path.trim();
    if (wanted === '' || busy) return;
    void addFolder(wanted).then((added) => {
      if (added) setPath('');
    });
  }

  return (
    <form onSubmit={submit}>
      <label htmlFor={field} className="text-[13px] text-muted">
        {text.sources.folderLabel}
      </label>
      <div className="mt-1 flex flex-wrap gap-2">
        <input
          id={field}
          value={path}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={describedBy !== undefined}
          aria-describedby={describedBy}
          placeholder={text.sources.folderPlaceholder[platformOf(navigator.userAgent)]}
          onChange={(event) => setPath(event.target.value)}
          className="h-9 min-w-40 flex-1 rounded-lg border border-line-strong bg-surface px-3 font-mono text-[13px] placeholder:text-muted aria-invalid:border-bad"
        />
        <Button type="submit" busy={busy}>
          {text.sources.addFolder}
        </Button>
      </div>
    </form>
  );
}
