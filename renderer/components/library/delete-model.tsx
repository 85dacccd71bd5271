import { useEffect, useRef, useState } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { Refusal } from '../refusal.tsx';

/** What a second yes overrides. */
const confirmable = new Set(['pinned', 'frozen']);

/** Asks once, names what goes, and deletes. */
export function DeleteModel({ id, name, size, inMemory }: { id: string; name: string; size: string; inMemory: boolean }) {
  const words = useLibraryText();
  const key = `delete:${id}`;
  const busy = useDashboard((state) => state.pending[key] ?? false);
  const mayConfirm = useDashboard((state) => confirmable.has(state.refusals[key]?.code ?? ''));
  const { run, announce } = useActions();
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const no = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);

  // The focus goes to the harmless answer, and back to where the question came from.
  useEffect(() => {
    if (asking) no.current?.focus();
    else if (asked.current) button.current?.focus();
    asked.current = asking;
  }, [asking]);

  async function remove(confirm: boolean) {
    const result = await run(key, 'deleteModel', { model: id, by: 'dashboard', ...(confirm ? { confirm } : {}) });
    if (result.ok) announce(words.details.deleted(name));
    setAsking(false);
  }

  if (!asking) {
    return (
      <div>
        <Button ref={button} look="danger" aria-label={words.named(words.details.delete, name)} onClick={() => setAsking(true)}>
          {words.details.delete}
        </Button>
        <Refusal action={key}>
          {mayConfirm && (
            <Button look="danger" busy={busy} onClick={() => void remove(true)}>
              {words.details.anyway}
            </Button>
          )}
        </Refusal>
      </div>
    );
  }
  return (
    <div
      onKeyDown={(event) => {
        if (event.key === 'Escape') setAsking(false);
      }}
    >
      <Notice
        look="warn"
        role="alert"
        actions={
          <>
            <Button look="danger" busy={busy} onClick={() => void remove(false)}>
              {words.details.yes}
            </Button>
            <Button ref={no} onClick={() => setAsking(false)}>
              {words.details.no}
            </Button>
          </>
        }
      >
        <p className="font-medium">{words.details.question(name, size, inMemory)}</p>
      </Notice>
    </div>
  );
}
