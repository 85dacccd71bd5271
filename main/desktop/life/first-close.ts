import { readFile } from 'node:fs/promises';
import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { DesktopText } from '../text/text.ts';

const memorySchema = z.object({ toldThatItKeepsRunning: z.boolean() });

export interface FirstCloseDeps {
  /** Keeps that it was told. Its folder exists. */
  file: string;
  /** Whether this desktop shows a tray icon, now. */
  trayShown(): Promise<boolean>;
  ask(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
  text(): DesktopText;
  quit(): void;
  isEnding(): boolean;
  onFault(fault: unknown): void;
}

/**
 * Where no tray icon is shown, a closed window looks like an app that has ended. So the first time it says that it goes on,
 * with a way to end it; and again with each start, until a person says that they know.
 */
export function createFirstClose(deps: FirstCloseDeps): { closed(): Promise<void> } {
  let told = false;

  async function closed(): Promise<void> {
    if (told) return;
    told = true;
    try {
      if (deps.isEnding() || (await known(deps.file)) || (await deps.trayShown())) {
        // A desktop can lose its tray later: the question comes up anew with the next close.
        told = false;
        return;
      }
      const { title, body, ok, quit, remember } = deps.text().dialogs.keepsRunning;
      const options = { type: 'info' as const, title, message: title, detail: body, buttons: [ok, quit], defaultId: 0, cancelId: 0, noLink: true, checkboxLabel: remember, checkboxChecked: true };
      const { response, checkboxChecked } = await deps.ask(options);
      if (checkboxChecked) await writeFileAtomic(deps.file, `${JSON.stringify({ toldThatItKeepsRunning: true })}\n`);
      if (response === 1) deps.quit();
    } catch (fault) {
      deps.onFault(fault);
    }
  }

  return { closed };
}

async function known(file: string): Promise<boolean> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(file, 'utf8'))).toldThatItKeepsRunning;
  } catch {
    return false;
  }
}
