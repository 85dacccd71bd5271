import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { text } from '../../text/text.ts';

interface EntryListProps {
  label: string;
  entries: readonly { readonly id: string; readonly words: ReactNode; readonly name: string; readonly busy?: boolean }[];
  onRemove: (id: string) => void;
}

/** What a setting lists, each with a button that takes it out. */
export function EntryList({ label, entries, onRemove }: EntryListProps) {
  const list = useRef<HTMLUListElement>(null);
  function remove(id: string) {
    // The button goes with its entry; the next one takes the focus, so that a keyboard does not start anew.
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const index = buttons.findIndex((button) => button === document.activeElement);
    (buttons[index + 1] ?? buttons[index - 1])?.focus();
    onRemove(id);
  }
  return (
    <ul ref={list} aria-label={label} className="w-full divide-y divide-line rounded-lg border border-line">
      {entries.map(({ id, words, name, busy = false }) => (
        <li key={id} className="flex items-center gap-2 py-1 pr-1 pl-3">
          <div className="min-w-0 grow py-1 text-sm break-words">{words}</div>
          <button
            type="button"
            aria-label={text.settings.lists.removeNamed(name)}
            title={text.settings.lists.remove}
            aria-disabled={busy || undefined}
            className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink aria-disabled:opacity-40"
            onClick={() => {
              if (!busy) remove(id);
            }}
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
