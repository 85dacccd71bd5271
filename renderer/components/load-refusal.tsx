import { formatBytes } from '../text/format.ts';
import type { Plan, Problem } from '../../contract/index.ts';
import { useActions } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { ProblemText } from './problem-text.tsx';

interface LoadRefusalProps {
  id: string;
  problem: Problem;
  plan: Plan | null;
  onClose: () => void;
}

/** Why a load was refused, who is in the way, and what can be done about it. */
export function LoadRefusal({ id, problem, plan, onClose }: LoadRefusalProps) {
  const { load } = useActions();
  const mayTry = plan?.mayTryOnce ?? false;
  const blockers = plan?.blockers ?? [];
  const programs = plan?.programs ?? [];
  return (
    <Notice
      look="bad"
      role="alert"
      actions={
        <>
          {mayTry && <Button onClick={() => void load(id, { tryOnce: true })}>{text.plan.tryOnce}</Button>}
          <Button look="quiet" onClick={onClose}>
            {text.plan.close}
          </Button>
        </>
      }
    >
      <ProblemText problem={problem} />
      {blockers.length > 0 && (
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
      )}
      {programs.length > 0 && (
        <div className="mt-3 max-w-xs text-sm">
          <p className="text-muted">{text.plan.programs}</p>
          <ul>
            {programs.map((program) => (
              <li key={program.name} className="flex justify-between gap-4">
                <span className="min-w-0 truncate">{program.name}</span>
                <span>{formatBytes(program.bytes)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {mayTry && <p className="mt-3 text-sm text-muted">{text.plan.tryOnceHint}</p>}
    </Notice>
  );
}
