import type { Page } from 'playwright';
import { expect } from 'vitest';

export interface Brought {
  name: string;
  content?: string;
  type?: string;
}

/** What a browser tells of files that are held over the page, let go there, or pasted. */
export function bring(page: Page, files: readonly Brought[], how: readonly ('dragenter' | 'dragover' | 'dragleave' | 'drop' | 'paste')[], onto = 'body'): Promise<void> {
  return page.evaluate(
    ([given, kinds, selector]) => {
      const data = new DataTransfer();
      for (const { name, content = '', type = '' } of given) data.items.add(new File([Uint8Array.from(content, (letter) => letter.charCodeAt(0))], name, { type }));
      const target = document.querySelector(selector);
      for (const kind of kinds) {
        target?.dispatchEvent(kind === 'paste' ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    },
    [files, how, onto] as const,
  );
}

/** Held over the page until it says that it takes them. */
export async function hold(page: Page, files: readonly Brought[]): Promise<void> {
  await bring(page, files, ['dragenter']);
  // The part that takes them is fetched for the first; a hand that holds files moves all the time.
  await expect
    .poll(async () => {
      await bring(page, files, ['dragover']);
      return page.locator('[data-drop]').count();
    })
    .toBe(1);
}

export async function drop(page: Page, files: readonly Brought[]): Promise<void> {
  await hold(page, files);
  await bring(page, files, ['drop']);
}
