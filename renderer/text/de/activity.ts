import { type Activity, isPerson } from '../../../contract/index.ts';
import type { activity as english } from '../en/activity.ts';
import { formatBytes, formatDuration } from '../format.ts';
import { partsSentence } from './entry-parts.ts';
import { count, wanted as wantedWords } from './words.ts';

/** The programs that do not say who they are, after "von". */
const nameless: Readonly<Record<string, string>> = { script: 'einem Skript', 'a program': 'einem Programm', 'a web page': 'einer Webseite' };

/** People know what they have asked for; that it was them stands beside the sentence. */
function wanted(by: string | null): string {
  return by === null || by === 'Airdock' || isPerson(by) ? '' : `, verlangt von ${nameless[by] ?? by}`;
}

const unloadedBecause: Record<Activity['reason'], (newcomer: string | null) => string> = {
  asked: () => '',
  room: (newcomer) => `, um Platz für ${newcomer ?? 'ein anderes Modell'} zu schaffen`,
  idle: () => ', weil es unbenutzt war',
  pressure: () => ', weil der Speicher knapp wurde',
  limit: () => ', weil die Grenze gesenkt wurde',
  pinned: () => '',
  replace: () => ', um es mit anderem Kontext zu laden',
  foreign: () => ', von einem anderen Programm',
  restart: () => ', weil sein Server neu gestartet wurde',
  sleep: () => ', bevor der Computer schlafen ging',
  shutdown: () => ', weil Airdock beendet wurde',
  other: (newcomer) => (newcomer === null ? '' : `, weil das Laden von ${newcomer} dahinter festhing`),
};

/** Why a load was refused or went wrong, as far as its code tells. */
const because: Partial<Record<NonNullable<Activity['code']>, string>> = {
  'no-room': 'Es ließ sich nicht genug Platz schaffen',
  'needs-room': 'Dafür müsste erst Platz geschaffen werden',
  'too-big': 'Es ist zu groß für diesen Computer',
  'limit-reached': 'Es sind schon so viele Modelle im Speicher wie erlaubt',
  'over-budget': 'Der Speicher war überbelegt',
  frozen: 'Die Modelle sind eingefroren',
  'in-use': 'Es war in Gebrauch',
  pinned: 'Es wird im Speicher behalten',
  'cooling-down': 'Es ist mehrmals hintereinander misslungen',
  'provider-down': 'Sein Server antwortete nicht',
  'model-disabled': 'Es ist in den Einstellungen ausgeschaltet',
  'load-timeout': 'Es dauerte zu lange',
  'out-of-memory': 'Der Speicher reichte nicht',
  'pressure-limit': 'Der Speicher wurde dabei knapp',
  'bad-file': 'Seine Datei ist beschädigt',
};

const whole = (words: string) => ({ words, whole: true });
const short = (words: string) => ({ words, whole: false });
const withReason = (words: string, code: Activity['code']) => short(`${words}${code === null || because[code] === undefined ? '' : `: ${because[code]}`}.`);

/** What an entry's own figures tell. What hangs on the words of a server or of the system stays as the engine wrote it. */
function sentence(entry: Activity, newcomer: string | null): { words: string; whole: boolean } | null {
  const { kind, name, by, ram, tookMs, reason, code, parts } = entry;
  const told = partsSentence(entry);
  if (told) return told;
  if (kind === 'refused' && parts?.what === 'unload') return withReason(name === null ? 'Es wurde nichts entladen' : `${name} wurde nicht entladen${wanted(by)}`, code);
  if (kind === 'setting') return short(name === null ? 'Eine Einstellung wurde geändert.' : `Eine Einstellung für ${name} wurde geändert.`);
  if (kind === 'memory') return code === 'over-budget' ? short('Es ist mehr Speicher belegt, als da ist oder frei bleiben soll.') : whole('Die Modelle passen wieder in den Speicher.');
  if (name === null) return null;
  const size = ram === null ? '' : ` (${formatBytes(ram)})`;
  switch (kind) {
    case 'loaded':
      return whole(`${name}${size} wurde${tookMs === null ? '' : ` in ${formatDuration(tookMs)}`} geladen${reason === 'pinned' ? ', weil es im Speicher behalten wird' : reason === 'pressure' ? ', weil andere Programme seinen Speicher nicht mehr brauchen' : wanted(by)}.`);
    case 'unloaded':
      if (parts?.what === 'wanted') return whole(`${name} (${[...(ram === null ? [] : [formatBytes(ram)]), wantedWords(parts)].join(', ')}) wurde entladen${unloadedBecause[reason](newcomer)}${reason === 'room' ? wanted(by) : ''}.`);
      return whole(`${name}${size} wurde entladen${unloadedBecause[reason](newcomer)}${reason === 'asked' || reason === 'room' || reason === 'idle' ? wanted(by) : ''}.`);
    case 'appeared':
      return whole(`${name}${size} wurde von einem anderen Programm geladen.`);
    case 'disappeared':
      if (reason === 'other') return whole(`${name} wird nicht mehr betreut: Sein Server wurde in den Einstellungen abgeschaltet oder gewechselt.`);
      return whole(reason === 'restart' ? `${name} war im Speicher, bevor sein Server aufhörte zu antworten.` : `${name}${size} hat den Speicher ohne Zutun von Airdock verlassen.`);
    case 'refused':
      return withReason(`${name} wurde nicht geladen`, code);
    case 'failed':
      if (code === 'cancelled') return whole(`Das Laden von ${name} wurde abgebrochen.`);
      if (code === 'not-letting-go') return short(`${name} gibt den Speicher nicht frei.`);
      if (code === 'unload-failed') return short(`${name} konnte nicht entladen werden.`);
      return withReason(`${name} konnte nicht geladen werden`, code);
    case 'crashed':
      return short(`${name} ist abgestürzt.`);
    case 'notice':
      return code === 'in-use' ? whole(`${name} antwortet noch einem anderen Programm und verlässt danach den Speicher.`) : null;
    case 'provider':
      return null;
  }
}

export const activity: typeof english = {
  activity: {
    title: 'Verlauf',
    empty: 'Noch ist nichts geschehen.',
    emptyHint: 'Was Airdock oder ein anderes Programm lädt und entlädt, wird hier aufgeschrieben.',
    older: 'Ältere zeigen',
    end: 'Das ist alles.',
    noneSoFar: (entries) => `Unter den letzten ${count(entries)} Einträgen passt nichts dazu.`,
    clear: 'Filter leeren',
    search: 'Verlauf durchsuchen',
    searchHint: 'Suchen',
    groupsLabel: 'Art des Eintrags',
    groups: { loads: 'Geladen', unloads: 'Entladen', trouble: 'Abgelehnt oder misslungen', settings: 'Einstellungen', other: 'Sonstiges' },
    kinds: {
      loaded: 'Geladen',
      unloaded: 'Entladen',
      refused: 'Abgelehnt',
      failed: 'Misslungen',
      appeared: 'Von einem anderen Programm geladen',
      disappeared: 'Hat den Speicher verlassen',
      crashed: 'Abgestürzt',
      provider: 'Quelle von Modellen',
      memory: 'Speicher',
      setting: 'Einstellung',
      notice: 'Hinweis',
    },
    model: 'Modell',
    people: { dashboard: 'von Hand', tray: 'von Hand über das Symbol', 'command line': 'von Hand im Terminal', 'config file': 'von Hand in der Konfigurationsdatei' },
    nameless: { script: 'ein Skript', 'a program': 'ein Programm', 'a web page': 'eine Webseite' },
    automatic: 'automatisch',
    who: 'Wer',
    anybody: 'alle',
    allModels: 'Alle Modelle',
    fresh: (entries) => (entries === 1 ? '1 neuen Eintrag zeigen' : `${count(entries)} neue Einträge zeigen`),
    today: 'Heute',
    yesterday: 'Gestern',
    sentence,
    settings: {
      changed: (what, settings) => `${settings === 1 ? 'Geänderte Einstellung' : 'Geänderte Einstellungen'}: ${what}.`,
      one: (name, now, before) => `„${name}“: ${now} (vorher: ${before})`,
      ofModel: (model) => `eigene Einstellungen von ${model}`,
      more: (settings) => `und ${settings} weitere`,
    },
    justNow: 'gerade eben',
    showModel: (name) => `${name} unter Modelle zeigen`,
    load: 'Erneut laden',
    loadNamed: (name) => `Erneut laden: ${name}`,
    keep: 'Behalten',
    keepNamed: (name) => `${name} im Speicher behalten`,
    keepWhileRoom: 'Behalten, solange Platz ist',
    keepWhileRoomNamed: (name) => `Behalten, solange Platz ist: ${name}`,
    copy: 'Kopieren',
    copyNamed: (words) => `Kopieren: ${words}`,
    copyAll: 'Alles Gezeigte kopieren',
    copied: 'Kopiert',
    copyRefused: 'Kopieren ist hier nicht erlaubt. Der Text lässt sich markieren und selbst kopieren:',
    copyText: 'Text zum Kopieren',
    gone: 'Dieser Eintrag ist nicht mehr da.',
  },
};
