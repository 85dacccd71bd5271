import type { Plan, Problem } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { higherLimit, limitAlone } from '../../view/higher-limit.ts';
import { Button } from '../button.tsx';

interface Answer {
  id: string;
  plan: Plan | null;
  problem: Problem | null;
}

function useHigherLimit({ id, plan, problem }: Answer) {
  const live = useDashboard((state) => state.live);
  const model = useDashboard((state) => state.models.find((one) => one.id === id));
  return limitAlone(plan, problem) ? higherLimit(live, model) : null;
}

/** Where the limit alone is in the way: a higher one, and then the load that was asked for. */
export function AllowMore({ contextLength, ...answer }: Answer & { contextLength?: number | undefined }) {
  const higher = useHigherLimit(answer);
  const busy = useDashboard((state) => state.pending[`limit:${answer.id}`] ?? false);
  const { allowMore } = useActions();
  if (higher === null) return null;
  return (
    <Button busy={busy} onClick={() => void allowMore(answer.id, higher.models, contextLength)}>
      {text.plan.allow(higher.models)}
    </Button>
  );
}

/** What else a higher limit may ask for. */
export function AllowMoreNote(answer: Answer) {
  const own = useHigherLimit(answer)?.ollama ?? null;
  return own === null ? null : <p className="mt-0.5 text-sm text-muted">{text.plan.ollamaLimit(own)}</p>;
}
