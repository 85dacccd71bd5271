import { type FormEvent, useId, useState } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { platformOf } from '../../view/platform.ts';
import { Button } from '../button.tsx';

/** Names a folder of GGUF files. A browser cannot hand over a folder's path, so it is typed. */
export function FolderForm() {
  const [path, setPath] = useState('');
  const problem = useDashboard((state) => state.refusals.addFolder);
  const busy = useDashboard((state) => state.pending.addFolder ?? false);
  const { addFolder } = useActions();
  const field = useId();
  const error = useId();

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
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : error}
          placeholder={text.sources.folderPlaceholder[platformOf(navigator.userAgent)]}
          onChange={(event) => setPath(event.target.value)}
          className="h-9 min-w-40 flex-1 rounded-lg border border-line-strong bg-surface px-3 font-mono text-[13px] placeholder:text-muted aria-invalid:border-bad"
        />
        <Button type="submit" busy={busy}>
          {text.sources.addFolder}
        </Button>
      </div>
      {problem !== undefined && (
        <p id={error} role="alert" className="mt-2 text-sm text-bad">
          {problem.message} {problem.hint}
        </p>
      )}
    </form>
  );
}
