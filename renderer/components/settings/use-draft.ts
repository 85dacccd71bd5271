import { useState } from 'react';

/** What was typed, read as a value; `certain`: no more typing could mend it. */
export type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly words: string; readonly certain: boolean };

interface Draft<T> {
  readonly typed: T;
  /** What the engine had when the typing began. */
  readonly base: string;
  readonly tried: boolean;
  readonly sent: string | null;
}

interface Options<T> {
  current: unknown;
  shown: T;
  read: (typed: T) => Reading;
  save: (value: unknown) => Promise<boolean>;
  /** Puts an earlier refusal aside. */
  forget: () => void;
}

/** What somebody types until the engine has taken it. Nothing from outside changes it; a refusal leaves it there to be mended. */
export function useDraft<T>({ current, shown, read, save, forget }: Options<T>) {
  const [draft, setDraft] = useState<Draft<T> | null>(null);
  const now = JSON.stringify(current) ?? '';
  const reading = draft === null ? null : read(draft.typed);

  async function commit(typed: T, again: boolean): Promise<void> {
    const result = read(typed);
    if (!result.ok) return setDraft((before) => before && { ...before, tried: true });
    const wanted = JSON.stringify(result.value) ?? '';
    if (wanted === now) {
      forget();
      return setDraft(null);
    }
    if (draft?.sent === wanted && !again) return;
    setDraft({ typed, base: draft?.base ?? now, tried: true, sent: wanted });
    const taken = await save(result.value);
    if (taken) setDraft((before) => (before?.typed === typed ? null : before));
  }

  return {
    typed: draft === null ? shown : draft.typed,
    dirty: draft !== null,
    fault: reading !== null && !reading.ok && (draft?.tried === true || reading.certain) ? reading.words : null,
    /** Somebody else changed the setting meanwhile. */
    meanwhile: draft !== null && draft.base !== now && (reading?.ok !== true || JSON.stringify(reading.value) !== now),
    change(typed: T) {
      forget();
      setDraft((before) => ({ typed, base: before?.base ?? now, tried: before?.tried ?? false, sent: null }));
    },
    /** `again`: also what was refused just now. */
    commit: (typed: T, again = false) => void (draft === null && !again ? undefined : commit(typed, again)),
    /** Back to what the engine has. */
    revert() {
      forget();
      setDraft(null);
    },
  };
}
