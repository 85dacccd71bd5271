import type { Plan } from '../../../contract/index.ts';
import { useActions } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { AllowMore, AllowMoreNote } from './allow-more.tsx';

interface LoadPreviewProps {
  id: string;
  plan: Plan;
  contextLength: number | undefined;
  onClose: () => void;
}

/** What a load would unload, before anything happens. */
export function LoadPreview({ id, plan, contextLength, onClose }: LoadPreviewProps) {
  const { load } = useActions();
  const yes = { force: true, mayUnload: plan.unloads.map((victim) => victim.id), ...(contextLength === undefined ? {} : { contextLength }) };
  return (
    <Notice
      look="warn"
      role="status"
      actions={
        <>
          <Button look="primary" onClick={() => void load(id, yes)}>
            {text.plan.confirm}
          </Button>
          <AllowMore id={id} plan={plan} problem={null} contextLength={contextLength} />
          <Button look="quiet" onClick={onClose}>
            {text.plan.cancel}
          </Button>
        </>
      }
    >
      <p className="font-medium">{text.plan.title(plan.name, formatBytes(plan.footprint.ram), plan.expectedLoadMs)}</p>
      <p className="mt-0.5">{text.plan.unloads(plan)}</p>
      {contextLength !== undefined && <p className="mt-0.5 text-muted">{text.plan.withContext(contextLength)}</p>}
      <AllowMoreNote id={id} plan={plan} problem={null} />
    </Notice>
  );
}
