import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { Refusal } from '../refusal.tsx';

/** A file that is on this computer already: a copy of it, or a second name for it. */
export function FileAnswer({ file, onOver }: { file: string; onOver: (begun: boolean) => void }) {
  const words = useLibraryText();
  const busy = useDashboard((state) => state.pending.importModel ?? false);
  const { run } = useActions();

  async function take(link: boolean) {
    const result = await run('importModel', 'importModel', { path: file, link, by: 'dashboard' });
    if (result.ok) onOver(true);
  }

  return (
    <div className="mt-3">
      <Notice
        look="info"
        actions={
          <>
            <Button look="primary" busy={busy} onClick={() => void take(false)}>
              {words.copy}
            </Button>
            <Button busy={busy} onClick={() => void take(true)}>
              {words.link}
            </Button>
            <Button look="quiet" onClick={() => onOver(false)}>
              {words.putAside}
            </Button>
          </>
        }
      >
        <p className="font-medium">{words.fromHere(file)}</p>
        <p className="text-sm text-muted">{words.linkHint}</p>
      </Notice>
      <Refusal action="importModel" />
    </div>
  );
}
