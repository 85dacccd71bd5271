import type { Plan } from '../../../contract/index.ts';
import { useActions } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';

interface LoadHelpsProps {
  id: string;
  helps: Plan['helps'];
  /** Another model is loaded in place of this one. */
  onInstead: (id: string) => void;
}

/** What would make a refused model fit, best first, each with its button where Airdock can do it. */
export function LoadHelps({ id, helps, onInstead }: LoadHelpsProps) {
  const { load } = useActions();
  if (helps.length === 0) return null;
  return (
    <div className="mt-3 text-sm">
      <p className="text-muted">{text.plan.helps}</p>
      <ul className="mt-1.5 grid gap-2">
        {helps.map((help) => {
          switch (help.kind) {
            case 'context':
              return (
                <li key="context" className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Button onClick={() => void load(id, { contextLength: help.contextLength })}>{text.plan.helpContext(help.contextLength)}</Button>
                  <span className="text-muted">{text.plan.helpTakes(formatBytes(help.ram))}</span>
                </li>
              );
            case 'model':
              return (
                <li key={help.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Button className="max-w-full" onClick={() => onInstead(help.id)}>
                    <span className="min-w-0 truncate">{text.plan.helpModel(help.name)}</span>
                  </Button>
                  <span className="text-muted">{text.plan.helpTakes(formatBytes(help.ram))}</span>
                </li>
              );
            case 'program':
              return <li key={`program ${help.name}`}>{text.plan.helpProgram(help.name, formatBytes(help.bytes))}</li>;
          }
        })}
      </ul>
    </div>
  );
}
