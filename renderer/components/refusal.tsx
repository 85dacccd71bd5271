import type { ReactNode } from 'react';
import { text } from '../text/text.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { ProblemText } from './problem-text.tsx';

/** Why the action with this key was refused, until dismissed; nothing where it was not. */
export function Refusal({ action, children }: { action: string; children?: ReactNode }) {
  const problem = useDashboard((state) => state.refusals[action]);
  const { dismissRefusal } = useActions();
  if (problem === undefined) return null;
  return (
    <div className="mt-3">
      <Notice
        look="bad"
        role="alert"
        actions={
          <>
            {children}
            <Button look="quiet" onClick={() => dismissRefusal(action)}>
              {text.common.dismiss}
            </Button>
          </>
        }
      >
        <ProblemText problem={problem} />
      </Notice>
    </div>
  );
}
