import type { DownloadCheck } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';

/** Whether it will fit, and the button that begins it. A warning, never a wall. */
export function CheckAnswer({ source, check, onOver }: { source: string; check: DownloadCheck; onOver: (begun: boolean) => void }) {
  const words = useLibraryText();
  const starting = useDashboard((state) => state.pending.pullModel ?? false);
  const { run } = useActions();

  async function start() {
    const result = await run('pullModel', 'pullModel', { source, by: 'dashboard' });
    if (result.ok) onOver(true);
  }

  const memory = check.needs === null || check.fit === null ? words.needs(check.needs) : `${words.needs(check.needs)}: ${words.fit(check.fit, check.unloads)}`;
  const action = check.warns ? words.downloadAnyway : words.download;
  return (
    <div className="mt-3">
      <Notice
        look={check.warns ? 'warn' : 'info'}
        actions={
          <>
            <Button look={check.warns ? 'plain' : 'primary'} busy={starting} aria-label={words.named(action, check.name)} onClick={() => void start()}>
              {action}
            </Button>
            <Button look="quiet" onClick={() => onOver(false)}>
              {words.putAside}
            </Button>
          </>
        }
      >
        <p className="font-medium">{check.name}</p>
        <p className="text-sm">
          {words.size(check.bytes, check.installed)}; {memory}.
        </p>
        {check.diskEnough === false && check.diskFree !== null && <p className="text-sm">{words.disk(check.diskFree)}</p>}
      </Notice>
    </div>
  );
}
