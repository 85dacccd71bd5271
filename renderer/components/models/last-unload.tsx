import { memo } from 'react';
import { useActions } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import type { ModelDoing } from '../../view/model-doing.ts';
import type { UnloadRemedy } from '../../view/unload-remedy.ts';
import { Button } from '../button.tsx';

interface LastUnloadProps {
  id: string;
  name: string;
  /** When and why it left memory. */
  words: string;
  /** kept-while-room: that was done. */
  remedy: UnloadRemedy | 'kept-while-room';
  doing: ModelDoing;
}

/** Why a model is not in memory any more, with what would have spared it that. Where only loading it again helps, the row's own button says so. */
export const LastUnload = memo(function LastUnload({ id, name, words, remedy, doing }: LastUnloadProps) {
  const { keep, setIdleTime } = useActions();
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[13px]">
      <p className={`min-w-0 [overflow-wrap:anywhere] ${remedy === null ? 'text-muted' : ''}`}>{words}</p>
      {remedy === 'keep-while-room' && (
        <Button
          className="min-h-8!"
          busy={doing.pending.includes('idle')}
          aria-label={text.lastUnload.keepWhileRoomNamed(name)}
          onClick={() => void setIdleTime({ id, name, aliases: [] }, null)}
        >
          {text.lastUnload.keepWhileRoom}
        </Button>
      )}
      {remedy === 'kept-while-room' && <p className="text-muted">{text.lastUnload.keptWhileRoom}</p>}
      {remedy === 'keep' && (
        <Button className="min-h-8!" busy={doing.pending.includes('keep')} aria-label={text.lastUnload.keepNamed(name)} onClick={() => void keep(id, true)}>
          {text.lastUnload.keep}
        </Button>
      )}
    </div>
  );
});
