import type * as Electron from 'electron';
import type { World } from './world.ts';

/** A dialog that stands before a person. */
export interface Question {
  kind: 'message' | 'open';
  window: Electron.BaseWindow | null;
  options: Electron.MessageBoxOptions & Electron.OpenDialogOptions;
  /** The buttons' words. */
  buttons: readonly string[];
  /** Clicks a button by its words or its number; for a folder dialog: what was chosen, null for Cancel. */
  answer(choice: string | number | RegExp | readonly string[] | null, checkboxChecked?: boolean): void;
}

type Answer = Parameters<Question['answer']>;

export function createDialog(world: World) {
  const open: Question[] = [];
  const asked: Question[] = [];
  const queue: Answer[] = [];
  const waiting: ((question: Question) => void)[] = [];
  const errorBoxes: { title: string; content: string }[] = [];

  function ask<T>(kind: Question['kind'], args: readonly unknown[], settle: (choice: Answer[0], checked: boolean, question: Question) => T): Promise<T> {
    world.needReady('dialog module can only be used after app is ready');
    const [window, options] = args.length > 1 ? [args[0] as Electron.BaseWindow | null, args[1]] : [null, args[0]];
    if (window?.isDestroyed()) return Promise.reject(new TypeError('Object has been destroyed'));
    return new Promise((resolve, reject) => {
      const question: Question = {
        kind,
        window: window ?? null,
        options: options as Question['options'],
        buttons: (options as Electron.MessageBoxOptions).buttons ?? ['OK'],
        answer(choice, checked = false) {
          const at = open.indexOf(question);
          if (at >= 0) open.splice(at, 1);
          try {
            resolve(settle(choice, checked, question));
          } catch (error) {
            reject(error as Error);
            throw error;
          }
        },
      };
      const { signal } = question.options;
      if (signal?.aborted) return question.answer(null);
      asked.push(question);
      open.push(question);
      // On macOS a box without a window cannot be taken back.
      const closes = world.platform !== 'darwin' || window != null;
      if (closes) signal?.addEventListener('abort', () => void (open.includes(question) && question.answer(null)), { once: true });
      const next = queue.shift();
      if (next) setImmediate(() => question.answer(...next));
      else for (const tell of waiting.splice(0)) tell(question);
    });
  }

  const message = (...args: unknown[]) =>
    ask<Electron.MessageBoxReturnValue>('message', args, (choice, checkboxChecked, { buttons, options }) => {
      const response =
        choice === null ? (options.cancelId ?? 0) : typeof choice === 'number' ? choice : buttons.findIndex((one) => (choice instanceof RegExp ? choice.test(one) : one === choice));
      if (response < 0 || response >= Math.max(1, buttons.length)) throw new Error(`The dialog has no button ${String(choice)}; it has: ${buttons.join(' | ')}`);
      return { response, checkboxChecked };
    });
  const openDialog = (...args: unknown[]) =>
    ask<Electron.OpenDialogReturnValue>('open', args, (choice) => ({ canceled: choice === null, filePaths: Array.isArray(choice) ? [...choice] : typeof choice === 'string' ? [choice] : [] }));

  const dialog = {
    showMessageBox: message,
    showOpenDialog: openDialog,
    showErrorBox: (title, content) => void errorBoxes.push({ title, content }),
  } satisfies Partial<Electron.Dialog>;

  return {
    dialog: dialog as unknown as Electron.Dialog,
    /** All that was ever asked. */
    asked,
    /** What stands open now. */
    open,
    errorBoxes,
    /** Answers the next dialog as soon as it is asked. */
    willAnswer: (...answer: Answer) => void queue.push(answer),
    /** The dialog that stands open, or the next one. */
    next: () => (open[0] ? Promise.resolve(open[0]) : new Promise<Question>((resolve) => waiting.push(resolve))),
  };
}
