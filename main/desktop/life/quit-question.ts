import type { MessageBoxOptions } from 'electron';
import type { Config } from '../../../contract/index.ts';
import type { Leaving } from '../../airdock.ts';
import type { DesktopText } from '../text/text.ts';
import type { Ending } from './joiners.ts';

/** What uses in progress get, when a person lets them finish. */
export const FINISH_MS = 30_000;

export type Answer = 'cancel' | Partial<Ending>;

/** A dialog, and what each of its buttons means. */
export interface Question {
  options: MessageBoxOptions;
  answers: readonly Answer[];
  /** Whether the box "next time too" stands below. */
  rememberable: boolean;
}

export interface QuestionInput {
  leaving: Leaving;
  onQuit: Config['ui']['on_quit'];
  text: DesktopText;
  /** A moment as this person's clock shows it. */
  clock(at: number): string;
}

/** What to ask before the end, in this order; nothing where nothing is at stake. Each dialog says all that ends, so that the first one is enough to judge by. */
export function quitQuestions({ leaving, onQuit, text, clock }: QuestionInput): readonly Question[] {
  const words = text.dialogs.quit;
  const { inUse, stays } = leaving;
  const goes = stays.filter((model) => model.goes);
  // Other programs' models, say: no answer would change that, so there is nothing to choose, and nothing to remember.
  const staysAnyway = stays.filter((model) => !model.goes);
  const asksWhatStays = onQuit === 'ask' && goes.length > 0;
  // Neither is worth a question to who has said that quitting is routine.
  const asksPlainly = onQuit === 'ask' && (leaving.programs.length > 0 || staysAnyway.length > 0);
  const detail = [
    ...inUse.filter(({ holders }) => holders.length > 0).map(({ name, holders }) => words.usedBy(name, holders)),
    ...(inUse.length > 0 ? [words.upTo] : []),
    ...(leaving.ends.length > 0 ? [words.ends(names(leaving.ends), text.size(sum(leaving.ends)))] : []),
    ...(goes.length > 0 && onQuit !== 'unload' ? [words.stays(names(goes), text.size(sum(goes)))] : []),
    ...(staysAnyway.length > 0 ? [words.staysAnyway(names(staysAnyway), text.size(sum(staysAnyway)))] : []),
    ...(onQuit === 'ask' ? stays : []).flatMap(({ name, until }) => (until === null ? [] : [words.staysUntil(name, clock(until))])),
    ...(leaving.programs.length > 0 ? [words.programs(leaving.programs)] : []),
  ].join('\n');

  const ask = (message: string, more: string, buttons: readonly (readonly [string, Answer])[], rememberable = false): Question => ({
    options: {
      type: 'question',
      title: words.title,
      message,
      detail: more,
      buttons: [...buttons.map(([label]) => label), words.cancel],
      defaultId: 0,
      cancelId: buttons.length,
      noLink: true,
      ...(rememberable ? { checkboxLabel: words.remember } : {}),
    },
    answers: [...buttons.map(([, answer]) => answer), 'cancel'],
    rememberable,
  });
  const aboutWhatStays = ([message, more]: readonly [string, string]): Question =>
    ask(message, more, [[words.unload, { unload: true }], [words.leave, { unload: false }]], true);

  if (inUse.length > 0) {
    const first = ask(words.inUse(names(inUse)), detail, [[words.wait, { graceMs: FINISH_MS }], [words.now, { graceMs: 0 }]]);
    return asksWhatStays ? [first, aboutWhatStays([words.stays(names(goes), text.size(sum(goes))), ''])] : [first];
  }
  if (asksWhatStays) return [aboutWhatStays([words.title, detail])];
  return asksPlainly ? [ask(words.title, detail, [[words.quit, {}]])] : [];
}

function names(models: readonly { name: string }[]): string[] {
  return models.map(({ name }) => name);
}

function sum(models: readonly { ram: number }[]): number {
  return models.reduce((bytes, { ram }) => bytes + ram, 0);
}
