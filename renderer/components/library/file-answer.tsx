import type { DownloadCheck } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { Refusal } from '../refusal.tsx';

/** A file that is on this computer already, and whether it fits: a copy of it, or a second name for it. */
export function FileAnswer({ file, check, onOver }: { file: string; check: DownloadCheck; onOver: (begun: boolean) => void }) {
  const words = useLibraryText();
  const key = `importModel:${file}`;
  const busy = useDashboard((state) => state.pending[key] ?? false);
  const { run } = useActions();

  async function take(link: boolean) {
    const result = await run(key, 'importModel', { path: file, link, by: 'dashboard' });
    if (result.ok) onOver(true);
  }

  const { bytes, needs, fit, unloads, diskEnough, diskFree, warns } = check;
  const memory = fit === null || needs === null ? words.needs(needs) : `${words.needs(needs)}: ${words.fit(fit, unloads)}`;
  return (
    <div className="mt-3">
      <Notice
        look={warns ? 'warn' : 'info'}
        actions={
          <>
            <Button look={warns ? 'plain' : 'primary'} busy={busy} onClick={() => void take(false)}>
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
        <p className="text-sm">
          {words.here(bytes ?? 0)}; {memory}.
        </p>
        {diskEnough === false && diskFree !== null && <p className="text-sm">{words.disk(diskFree)}</p>}
        <p className="text-sm text-muted">{words.linkHint}</p>
      </Notice>
      <Refusal action={key} />
    </div>
  );
}
