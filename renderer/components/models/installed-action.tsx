import { memo, type Ref } from 'react';
import { useActions } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import type { InstalledStatus } from '../../view/installed-status.ts';
import type { ModelDoing } from '../../view/model-doing.ts';
import { Button, type ButtonProps } from '../button.tsx';

interface InstalledActionProps {
  ref: Ref<HTMLButtonElement>;
  id: string;
  name: string;
  status: InstalledStatus;
  /** It fits: nothing speaks against it. */
  strong: boolean;
  /** It was in memory, and left without anybody's wish. */
  again: boolean;
  doing: ModelDoing;
}

/** The one button for what can be done with a model now. It stays the same element while that changes, so that the focus stays with it. */
export const InstalledAction = memo(function InstalledAction({ ref, id, name, status, strong, again, doing }: InstalledActionProps) {
  const actions = useActions();

  const offer = ((): (ButtonProps & { words: string }) | null => {
    switch (status) {
      case 'none':
        return {
          words: again ? text.installed.loadAgain : text.installed.load,
          'aria-label': again ? text.installed.loadAgainNamed(name) : text.installed.loadNamed(name),
          look: strong ? 'soft' : 'plain',
          busy: doing.asking,
          onClick: () => void actions.askToLoad(id),
        };
      case 'reserved':
      case 'loading':
        return { words: text.installed.cancel, 'aria-label': text.installed.cancelNamed(name), busy: doing.pending.includes('cancel'), onClick: () => void actions.cancelLoad(id) };
      case 'ready':
      case 'in-use':
      case 'busy':
      case 'unloading':
        return {
          words: status === 'busy' ? text.loaded.unloadAfter : text.installed.unload,
          'aria-label': status === 'busy' ? text.loaded.unloadAfterNamed(name) : text.installed.unloadNamed(name),
          cannot: status === 'in-use' ? text.loaded.unloadHeld : undefined,
          busy: doing.pending.includes('unload') || status === 'unloading',
          onClick: () => void actions.unload(id, name),
        };
      case 'broken':
      case 'absent':
      case 'unavailable':
      case 'off':
      case 'stuck':
        return null;
    }
  })();
  if (offer === null) return null;
  const { words, ...rest } = offer;
  return (
    <Button ref={ref} {...rest}>
      {words}
    </Button>
  );
});
