import type { FolderView } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { ProblemText } from '../problem-text.tsx';
import { Refusal } from '../refusal.tsx';

export function FolderRow({ folder }: { folder: FolderView }) {
  const key = `folder:${folder.path}`;
  const busy = useDashboard((state) => state.pending[key] ?? false);
  const actions = useActions();
  const title = folder.origin === 'found' && !folder.used ? text.sources.foundFolder(folder.label) : folder.label;
  return (
    <li>
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <p className="text-sm">
            {title} <span className="text-muted">· {text.sources.models(folder.models)}</span>
          </p>
          <p className="font-mono text-xs break-all text-muted">{folder.path}</p>
          {folder.problem !== null && (
            <div className="mt-1 text-sm text-bad">
              <ProblemText problem={folder.problem} />
            </div>
          )}
        </div>
        {!folder.used && (
          <Button busy={busy} aria-label={text.sources.useFolderNamed(folder.path)} onClick={() => void actions.useFolder(folder.path)}>
            {text.sources.useFolder}
          </Button>
        )}
        {folder.used && folder.origin !== 'samples' && (
          <Button
            look="quiet"
            busy={busy}
            aria-label={text.sources.removeFolderNamed(folder.path)}
            onClick={() => void actions.removeFolder(folder.path)}
          >
            {text.sources.removeFolder}
          </Button>
        )}
      </div>
      <Refusal action={key} />
    </li>
  );
}
