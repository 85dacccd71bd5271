import { formatBytes } from '../text/format.ts';
import type { Plan } from '../../contract/index.ts';
import { useActions } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** What a load would unload, before anything happens. */
export function LoadPreview({ id, plan, onClose }: { id: string; plan: Plan; onClose: () => void }) {
  const { load } = useActions();
  return (
    <Notice
      look="warn"
      role="status"
      actions={
        <>
          <Button look="primary" onClick={() => void load(id, { force: true, mayUnload: plan.unloads.map((victim) => victim.id) })}>
            {text.plan.confirm}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {text.plan.cancel}
          </Button>
        </>
      }
    >
      <p className="font-medium">{text.plan.title(plan.name, formatBytes(plan.footprint.ram), plan.expectedLoadMs)}</p>
      <p className="mt-0.5">{text.plan.unloads(plan)}</p>
    </Notice>
  );
}
