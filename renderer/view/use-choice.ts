import { useCallback, useState } from 'react';

/** A choice that this browser remembers. A browser that remembers nothing, or something unknown, starts with the first. */
export function useChoice<T extends string>(key: string, values: readonly [T, ...T[]]): [T, (value: T) => void] {
  const [value, setValue] = useState(() => read(key, values));
  const choose = useCallback(
    (next: T) => {
      setValue(next);
      try {
        window.localStorage.setItem(key, next);
      } catch {
        // Storage may be full or forbidden; the choice holds until the page is left.
      }
    },
    [key],
  );
  return [value, choose];
}

function read<T extends string>(key: string, values: readonly [T, ...T[]]): T {
  try {
    const kept = window.localStorage.getItem(key);
    return values.find((value) => value === kept) ?? values[0];
  } catch {
    return values[0];
  }
}
