import type { IdleSeconds } from '../../../contract/index.ts';
import type { shell as english } from '../en/shell.ts';
import { formatList } from '../format.ts';
import { dative, models } from './words.ts';

const noch = (left: string | null) => (left === null ? '' : ` noch ${left}`);

export const shell: typeof english = {
  app: {
    name: 'Airdock',
    title: (free: string) => `${free} frei · Airdock`,
    titleOver: 'Zu wenig Speicher · Airdock',
    titleGone: 'Keine Antwort · Airdock',
  },
  pages: { memory: 'Speicher', models: 'Modelle', activity: 'Verlauf', settings: 'Einstellungen' },
  navigation: 'Seiten',
  freeMemory: {
    button: 'Speicher freigeben',
    title: 'Speicher der Modelle freigeben?',
    explain: (names: readonly string[], size: string) =>
      `${names.length === 0 ? 'Gerade ist kein Modell unbenutzt, also wird nichts entladen.' : `Entlädt ${formatList(names)} (${size}).`} Eine Stunde lang kann kein Programm über Airdock Modelle laden; Programme, die direkt mit Ollama sprechen, können es weiterhin, und von Hand geht es auch.`,
    confirm: 'Speicher freigeben',
  },
  modes: {
    button: 'Einfrieren',
    freeze: { title: 'Einfrieren', explain: 'Airdock lädt und entlädt nichts, außer was von Hand entladen wird. Programme, die direkt mit Ollama sprechen, können es weiterhin.', end: 'Beenden' },
    pause: { title: 'Alles geladen lassen', explain: 'Unbenutzte Modelle bleiben, solange kein anderes ihren Platz braucht.', end: 'Beenden' },
    hour: 'Für 1 Stunde',
    open: 'Bis auf Weiteres',
  },
  shortcuts: {
    title: 'Tastenkürzel',
    open: 'Tastenkürzel',
    close: 'Schließen',
    then: 'dann',
    or: 'oder',
    what: {
      memory: 'Speicher',
      models: 'Modelle',
      activity: 'Verlauf',
      settings: 'Einstellungen',
      search: 'Modelle suchen',
      unload: 'Modell mit dem Fokus entladen',
      keep: 'Modell mit dem Fokus behalten oder nicht mehr',
      help: 'Diese Liste',
    },
    off: 'Kürzel mit einer Taste benutzen',
  },
  version: (version: string) => `Airdock ${version}`,
  pageMissing: {
    title: 'Diese Seite konnte nicht geholt werden.',
    hint: 'Airdock wurde beendet oder inzwischen durch eine andere Version ersetzt.',
    reload: 'Neu laden',
  },
  connection: {
    connecting: 'Verbindet',
    live: 'Verbunden',
    gone: 'Keine Antwort',
    connectingLong: 'Verbindung zu Airdock wird aufgebaut…',
    goneSince: (time: string) => `Airdock antwortet nicht mehr; die Zahlen sind von ${time} Uhr.`,
    goneNever: 'Airdock antwortet nicht.',
    goneHint: 'Von hier aus lässt sich nichts laden oder entladen, bis es antwortet. Diese Seite versucht es weiter.',
    retry: 'Jetzt versuchen',
  },
  signIn: {
    title: 'Diese Seite ist nicht angemeldet',
    why: 'Nur wer den Computer benutzen kann, auf dem Airdock läuft, darf es steuern. Eine Seite, die vor einem Neustart von Airdock offen war, muss neu angemeldet werden.',
    steps: ['In der App: auf ihr Symbol in der Leiste klicken, dann „Airdock öffnen“.', 'In einem Terminal auf jenem Computer:'],
    command: 'airdock open',
    after: 'Beides öffnet die Übersicht angemeldet. Läuft Airdock aus seinem Quellordner, tut npm start dasselbe.',
    retry: 'Angemeldet: noch einmal versuchen',
  },
  banners: {
    watching: 'Hier wird nur zugesehen: Ein anderes Airdock steuert die Modelle dieses Computers. Geladen und entladen wird dort.',
    configProblem: 'Die Konfigurationsdatei ist so nicht brauchbar.',
    freeze: (left: string | null) => `Eingefroren${noch(left)}: Airdock lädt und entlädt nichts. Programme, die direkt mit Ollama sprechen, können es weiterhin.`,
    pause: (left: string | null) => `Alles bleibt${noch(left)} geladen, auch Unbenutztes.`,
    hold: (left: string | null) => `Speicher wurde freigegeben: Programme können${noch(left)} keine Modelle über Airdock laden. Programme, die direkt mit Ollama sprechen, können es weiterhin.`,
    end: { freeze: 'Einfrieren beenden', pause: 'Beenden', hold: 'Beenden' },
    endNamed: { freeze: 'Einfrieren beenden', pause: 'Beenden: Alles bleibt geladen', hold: 'Beenden: Programme können keine Modelle laden' },
  },
  common: { copy: 'Kopieren', copied: 'Kopiert', copyNamed: (what: string) => `„${what}“ kopieren`, dismiss: 'Ausblenden' },
  announce: {
    loaded: (name: string) => `${name} ist im Speicher.`,
    unloaded: (name: string) => `${name} wurde entladen.`,
    unloadedNone: 'Nichts war lange genug unbenutzt, um entladen zu werden.',
    freed: 'Speicher wurde freigegeben.',
    idleTime: (name: string, seconds: IdleSeconds | null | undefined) =>
      seconds === undefined ? `${name} wird entladen wie alle Modelle.` : seconds === null ? `${name} bleibt, solange Platz ist.` : seconds === 'auto' ? `${name} wird entladen, wenn sein Platz gebraucht wird.` : `${name} wird nach ${dative(seconds * 1_000)} ohne Nutzung entladen.`,
    unloadedSome: (count: number, size: string) => `${models(count)} entladen, ${size} frei geworden.`,
  },
  problems: {
    unreachable: { code: 'not-running', message: 'Airdock antwortet nicht.', hint: 'Läuft es noch? Diese Seite findet es von selbst wieder.' },
    signedOut: { code: 'unauthorized', message: 'Diese Seite ist nicht angemeldet.', hint: 'Die Übersicht über das Symbol in der Leiste öffnen, oder mit „airdock open“ in einem Terminal.' },
    badAnswer: (status) => ({ code: 'internal', message: `Airdock gab eine Antwort, die hier keinen Sinn ergibt (Status ${status}).` }),
  },
};
