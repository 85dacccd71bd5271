import type { Language } from '../../../contract/index.ts';

interface WindowWords {
  /** The question after the page has ended too often. */
  failing: { message: string; detail: string; again: string; close: string };
}

const en: WindowWords = {
  failing: {
    message: 'The dashboard keeps closing.',
    detail: 'Airdock itself goes on: models stay as they are, and the tray icon works. The log says what happened.',
    again: 'Open it again',
    close: 'Close',
  },
};

const de: WindowWords = {
  failing: {
    message: 'Die Übersicht stürzt immer wieder ab.',
    detail: 'Airdock selbst läuft weiter: Die Modelle bleiben, wie sie sind, und das Symbol in der Leiste funktioniert. Was geschehen ist, steht im Protokoll.',
    again: 'Wieder öffnen',
    close: 'Schließen',
  },
};

export const windowWords: Readonly<Record<Language, WindowWords>> = { en, de };
