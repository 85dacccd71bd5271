import { Toggle } from '@base-ui/react/toggle';
import { Pin } from 'lucide-react';
import { memo } from 'react';
import { useActions } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Spinner } from '../spinner.tsx';

/** Keeps a model in memory, or stops that. Shows what the engine says, and that it has been asked. */
export const KeepToggle = memo(function KeepToggle({ id, name, pinned, busy }: { id: string; name: string; pinned: boolean; busy: boolean }) {
  const { keep } = useActions();
  return (
    <Toggle
      pressed={pinned}
      onPressedChange={() => {
        if (!busy) void keep(id, !pinned);
      }}
      aria-label={text.installed.keepNamed(name)}
      aria-disabled={busy || undefined}
      title={pinned ? text.installed.keptHint : text.installed.keepHint}
      className="grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink data-pressed:bg-accent-soft data-pressed:text-accent"
    >
      {busy ? <Spinner /> : <Pin className="size-4" fill={pinned ? 'currentColor' : 'none'} aria-hidden="true" />}
    </Toggle>
  );
});
