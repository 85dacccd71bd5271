import { type FocusEvent, useState } from 'react';

interface Held<T> {
  key: string;
  value: T;
}

/**
 * What a list was like when the pointer or the keyboard came into it, for as long as one of them stays: nothing should move
 * under either. `key` says what the person asked for (a search, another order): a change of that lets go.
 */
export function useHold<T>(current: T, key: string) {
  const [byPointer, setByPointer] = useState<Held<T> | null>(null);
  const [byKeyboard, setByKeyboard] = useState<Held<T> | null>(null);
  const held = [byPointer, byKeyboard].find((one) => one?.key === key) ?? null;
  const value = held === null ? current : held.value;
  return {
    /** Equal to `current` where nothing is held. */
    value,
    holding: held !== null,
    release() {
      setByPointer(null);
      setByKeyboard(null);
    },
    /** For the list's element. */
    handlers: {
      onPointerEnter: () => setByPointer({ key, value }),
      onPointerLeave: () => setByPointer(null),
      onFocus: (event: FocusEvent) => {
        // A click leaves the focus behind where the pointer has long gone from; that holds nothing.
        if (byKeyboard === null && event.target instanceof Element && event.target.matches(':focus-visible')) setByKeyboard({ key, value });
      },
      onBlur: (event: FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setByKeyboard(null);
      },
    },
  };
}
