import { expect, it } from 'vitest';
import { shortcutList, shortcutOf } from './shortcuts.ts';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

it('knows every key of the list', () => {
  for (const { what, presses } of shortcutList) {
    for (const keys of presses) {
      const found = shortcutOf(press(keys.at(-1) ?? ''), keys.length > 1);
      expect(found?.do === 'open' ? found.page : found?.do, keys.join(' ')).toBe(what);
    }
  }
});

it('waits for a second key after g, and takes that key for itself where it names no page', () => {
  expect(shortcutOf(press('g'), false)).toEqual({ do: 'prefix' });
  expect(shortcutOf(press('m'), false)).toBeNull();
  expect(shortcutOf(press('u'), true)).toEqual({ do: 'unload' });
});

it('leaves alone what is not its own', () => {
  for (const key of ['5', '0', 'x', 'Enter', 'Escape', 'toString']) expect(shortcutOf(press(key), false), key).toBeNull();
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) expect(shortcutOf(press('1', more), false)).toBeNull();
});
