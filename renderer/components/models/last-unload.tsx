import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { ownIdleTime } from '../../view/idle-time.ts';
import type { UnloadRemedy } from '../../view/unload-remedy.ts';
import { Button } from '../button.tsx';

interface LastUnloadProps {
  id: string;
  name: string;
  /** When and why it left memory. */
  words: string;
  remedy: UnloadRemedy;
}

function KeepWhileRoom({ id, name }: { id: string; name: string }) {
  const done = useDashboard((state) => ownIdleTime(state.settings?.config.models.overrides ?? {}, { id, name, aliases: [] }) === null);
  const busy = useDashboard((state) => state.pending[`idle:${id}`] ?? false);
  const { setIdleTime } = useActions();
  if (done) return <p className="text-muted">{text.lastUnload.keptWhileRoom}</p>;
  return (
    <Button className="min-h-8!" busy={busy} aria-label={text.lastUnload.keepWhileRoomNamed(name)} onClick={() => void setIdleTime({ id, name, aliases: [] }, null)}>
      {text.lastUnload.keepWhileRoom}
    </Button>
  );
}

function Keep({ id, name }: { id: string; name: string }) {
  const busy = useDashboard((state) => state.pending[`keep:${id}`] ?? false);
  const { keep } = useActions();
  return (
    <Button className="min-h-8!" busy={busy} aria-label={text.lastUnload.keepNamed(name)} onClick={() => void keep(id, true)}>
      {text.lastUnload.keep}
    </Button>
  );
}

/** Why a model is not in memory any more, with what would have spared it that. Where only loading it again helps, the row's own button says so. */
export function LastUnload({ id, name, words, remedy }: LastUnloadProps) {
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[13px]">
      <p className={`min-w-0 [overflow-wrap:anywhere] ${remedy === null ? 'text-muted' : ''}`}>{words}</p>
      {remedy === 'keep-while-room' && <KeepWhileRoom id={id} name={name} />}
      {remedy === 'keep' && <Keep id={id} name={name} />}
    </div>
  );
}
