import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Refusal } from '../refusal.tsx';

/** What a second yes overrides. */
const confirmable = new Set(['pinned', 'frozen']);

/** Why a model was not unloaded, and the second yes where one is enough. */
export function UnloadRefusal({ id, name }: { id: string; name: string }) {
  const mayConfirm = useDashboard((state) => confirmable.has(state.refusals[`unload:${id}`]?.code ?? ''));
  const { unload } = useActions();
  return (
    <Refusal action={`unload:${id}`}>
      {mayConfirm && (
        <Button look="danger" onClick={() => void unload(id, name, true)}>
          {text.installed.unloadAnyway}
        </Button>
      )}
    </Refusal>
  );
}
