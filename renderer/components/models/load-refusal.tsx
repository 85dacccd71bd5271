import type { Plan, Problem } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { ProblemText } from '../problem-text.tsx';
import { AllowMore, AllowMoreNote } from './allow-more.tsx';
import { LoadHelps } from './load-helps.tsx';

interface LoadRefusalProps {
  id: string;
  problem: Problem;
  plan: Plan | null;
  onClose: () => void;
  onInstead: (id: string) => void;
}

function Blockers({ blockers }: { blockers: Plan['blockers'] }) {
  if (blockers.length === 0) return null;
  return (
    <div className="mt-3 text-sm">
      <p className="text-muted">{text.plan.blockers}</p>
      <ul>
        {blockers.map((blocker) => (
          <li key={blocker.id}>
            {blocker.name} <span className="text-muted">({text.plan.why[blocker.why]})</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Why a load was refused, who is in the way, and what can be done about it. */
export function LoadRefusal({ id, problem, plan, onClose, onInstead }: LoadRefusalProps) {
  const { load } = useActions();
  const others = useDashboard((state) => state.live?.memory?.otherPrograms ?? null);
  const mayTry = plan?.mayTryOnce ?? false;
  const programs = plan?.programs ?? [];
  const told = plan === null ? null : text.plan.refusal(problem, plan);
  return (
    <Notice
      look="bad"
      role="alert"
      actions={
        <>
          {mayTry && <Button onClick={() => void load(id, { tryOnce: true })}>{text.plan.tryOnce}</Button>}
          <AllowMore id={id} plan={plan} problem={problem} />
          <Button look="quiet" onClick={onClose}>
            {text.plan.close}
          </Button>
        </>
      }
    >
      {told === null ? (
        <ProblemText problem={problem} />
      ) : (
        <>
          <p className="font-medium">{told.message}</p>
          <p className="mt-0.5 text-muted">{told.hint}</p>
        </>
      )}
      <AllowMoreNote id={id} plan={plan} problem={problem} />
      {programs.length > 0 && (
        <p className="mt-2 text-sm">
          {text.plan.othersUse(
            others === null ? null : formatBytes(others),
            programs.map((program) => `${program.name} ${formatBytes(program.bytes)}`),
          )}
        </p>
      )}
      <Blockers blockers={plan?.blockers ?? []} />
      <LoadHelps id={id} helps={plan?.helps ?? []} onInstead={onInstead} />
      {mayTry && <p className="mt-3 text-sm text-muted">{text.plan.tryOnceHint}</p>}
    </Notice>
  );
}
