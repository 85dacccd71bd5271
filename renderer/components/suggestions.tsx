import { Lightbulb } from 'lucide-react';
import type { LiveState } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { Refusal } from './refusal.tsx';

function Suggestion({ advice }: { advice: LiveState['advice'][number] }) {
  const busy = useDashboard((state) => state.pending[`advice:${advice.id}`] ?? false);
  const dismissing = useDashboard((state) => state.pending[`dismiss:${advice.id}`] ?? false);
  const { follow, dismissAdvice } = useActions();
  const { action } = advice;
  const words = text.adviceText(advice);
  return (
    <li className="card p-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-[1_1_16rem] gap-3">
          <Lightbulb className="mt-0.5 size-5 shrink-0 text-accent" aria-hidden="true" />
          <p className="min-w-0">{words.text}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          {action !== null && (
            <Button busy={busy} onClick={() => void follow(advice.id, action.operation, action.input)}>
              {words.label}
            </Button>
          )}
          <Button look="quiet" busy={dismissing} aria-label={text.advice.dismissNamed(words.text)} onClick={() => void dismissAdvice(advice.id)}>
            {text.advice.dismiss}
          </Button>
        </div>
      </div>
      <Refusal action={`advice:${advice.id}`} />
    </li>
  );
}

export function Suggestions() {
  const advice = useDashboard((state) => state.live?.advice);
  if (advice === undefined || advice.length === 0) return null;
  return (
    <ul aria-label={text.advice.title} className="grid gap-3">
      {advice.map((entry) => (
        <Suggestion key={entry.id} advice={entry} />
      ))}
    </ul>
  );
}
