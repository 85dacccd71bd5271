import { useState } from 'react';
import type { OperationOutput } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { Button } from '../button.tsx';
import { Refusal } from '../refusal.tsx';

type State = Extract<OperationOutput<'checkUpdate'>, { ok: true }>['value']['state'];

/** Whether there is a newer one: asked for, never by itself. */
export function UpdateCheck({ id, name, source }: { id: string; name: string; source: string }) {
  const words = useLibraryText();
  const key = `update:${id}`;
  const busy = useDashboard((state) => state.pending[key] ?? false);
  const { run } = useActions();
  const [found, setFound] = useState<State | null>(null);

  async function check() {
    setFound(null);
    const result = await run(key, 'checkUpdate', { model: id });
    if (result.ok && result.output.ok) setFound(result.output.value.state);
  }

  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button busy={busy} aria-label={words.named(words.details.update, name)} onClick={() => void check()}>
          {words.details.update}
        </Button>
        <span role="status">{found !== null && words.details.update_[found]}</span>
        {(found === 'newer' || found === 'unknown') && (
          <Button look="soft" busy={busy} onClick={() => void run(key, 'pullModel', { source, by: 'dashboard' })}>
            {words.details.fetch}
          </Button>
        )}
      </div>
      <Refusal action={key} />
    </div>
  );
}
