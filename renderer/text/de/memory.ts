import type { FootprintSource, LoadedModel } from '../../../contract/index.ts';
import type { memory as english } from '../en/memory.ts';
import { formatBytes, formatDuration, formatList } from '../format.ts';
import { adviceWords } from './advice.ts';
import { sourceAdviceWords } from './entry-parts.ts';
import { problemWords } from './problems.ts';
import { settings } from './settings.ts';
import { count, dative, unusedFor } from './words.ts';

const known: Record<FootprintSource, string> = {
  measured: 'gemessen',
  estimated: 'geschätzt',
  reported: 'nach Angabe',
  configured: 'eingestellt',
};

/** Where a person's own clicks come from. */
const people: Readonly<Record<string, string>> = { dashboard: 'von Hand', tray: 'von Hand über das Symbol', 'command line': 'von Hand im Terminal' };

const devices: Record<LoadedModel['device'], string | null> = { cpu: 'CPU', gpu: 'GPU', split: 'GPU und CPU', unknown: null };

export const memory: typeof english = {
  hero: {
    label: 'Speicher dieses Computers',
    free: 'frei für Modelle',
    over: 'überbelegt',
    of: (total) => `von ${total} RAM`,
    ofShared: (total) => `von ${total} Speicher, den GPU und CPU teilen`,
    waiting: 'Der Speicher wird gelesen…',
    bar: 'Wofür der RAM gebraucht wird',
    showModel: 'In der Liste zeigen',
    vram: (free, total) => `${free} von ${total} frei`,
    vramBar: (device) => `Wofür der Speicher von ${device} gebraucht wird`,
    pressure: 'Der Speicher ist gerade knapp: Programme müssen darauf warten.',
  },
  segments: {
    other: 'Andere Programme',
    reserve: 'Frei gehalten',
    limit: (from) => (from === 'cgroup' ? 'Außerhalb der Grenze des Containers' : 'Über der eingestellten Grenze'),
    free: 'Frei für Modelle',
    booked: 'vorgemerkt',
    leaving: 'wird entladen',
  },
  counted: {
    title: 'Wie wird das gezählt?',
    paragraphs: [
      'Frei für Modelle ist, was das System einem Programm noch geben würde, ohne auszulagern, dazu was die Modelle jetzt belegen, abzüglich dessen, was für jedes von ihnen vorgemerkt ist.',
      'Für ein Modell ist vorgemerkt, was es gemessen belegt, oder eine Schätzung, bis es einmal geladen wurde. Platz wird vorgemerkt, bevor das Laden beginnt. So kann derselbe Speicher nie zweimal versprochen werden.',
      'Modelldateien, die in den Speicher eingeblendet sind, halten die meisten Systemanzeigen für frei, obwohl ein benutztes Modell sie braucht. Hier zählen sie als belegt. Darum kann die Zahl kleiner sein als anderswo.',
      'Alles Übrige wird Modellen angeboten: Kein Anteil wird zurückgehalten, wenn keiner eingestellt ist.',
    ],
  },
  loaded: {
    title: 'Im Speicher',
    count: (now, limit) => `${now} (höchstens ${limit})`,
    unloadUnused: 'Unbenutzte entladen',
    empty: (free) => (free === null ? 'Keine Modelle im Speicher.' : `Keine Modelle im Speicher. ${free} frei.`),
    emptyHint: 'Modelle werden hier geladen, oder wenn ein Programm nach ihnen fragt.',
    loadOne: 'Eines laden',
    known,
    vram: (size) => `${size} Grafikspeicher`,
    context: (tokens) => `Kontext ${count(tokens)}`,
    device: (device) => devices[device],
    by: (who) => (people[who] === undefined ? `geladen von ${who}` : `${people[who]} geladen`),
    byAnother: 'von einem anderen Programm geladen',
    also: (names) => `auch ${formatList(names)}`,
    keep: 'Behalten',
    keepNamed: (name) => `${name} im Speicher behalten`,
    unload: 'Entladen',
    unloadNamed: (name) => `${name} entladen`,
    unloadAfter: 'Danach entladen',
    unloadAfterNamed: (name) => `Danach entladen: ${name}`,
    unloadHeld: 'Es antwortet gerade. Sobald das zu Ende ist, lässt es sich entladen.',
    unloadAnyway: 'Trotzdem entladen',
    cancel: 'Abbrechen',
    cancelNamed: (name) => `Laden von ${name} abbrechen`,
    end: 'Prozess beenden',
    endNamed: (name) => `Prozess beenden: ${name}`,
    cpuSinceWake: 'Es läuft auf der CPU, seit der Computer aufgewacht ist, und ist langsam. Entladen und neu laden bringt es auf die GPU zurück.',
    progress: (name) => `${name} wird geladen`,
  },
  status: {
    reserved: 'Platz ist vorgemerkt, andere werden noch entladen',
    loading: 'Wird geladen',
    loadingEnds: 'Wird geladen, fast fertig',
    loadingPercent: (fraction) => `Wird geladen, ${Math.floor(fraction * 100)} %`,
    secondsLeft: (ms) => `noch etwa ${formatDuration(Math.max(1_000, ms))}`,
    longer: 'dauert länger als sonst',
    unloading: 'Wird entladen',
    stuck: (ms) => `Gibt den Speicher seit ${dative(ms)} nicht frei; er bleibt vorgemerkt`,
    leavesAfter: 'Verlässt den Speicher nach der Antwort',
    inUse: 'In Gebrauch',
    inUseBy: (names) => `In Gebrauch durch ${formatList(names)}`,
    inUseByMany: (programs) => `In Gebrauch durch ${programs} Programme`,
    unused: (ms) => unusedFor(ms),
    notSeen: (ms) => `seit ${dative(ms)} keine Nutzung gesehen`,
    unloadsIn: (countdown) => `wird in ${countdown} entladen`,
    unloadsInByItself: (countdown, who) => `${who} entlädt es in ${countdown}`,
    unloadsNow: 'wird jetzt entladen',
    kept: 'wird behalten',
    stays: 'bleibt, solange Platz ist',
  },
  idleTime: {
    title: 'Unbenutzt entladen nach',
    named: (name, seconds) => `${name} unbenutzt entladen: ${seconds === null ? 'nie, bleibt, solange Platz ist' : seconds === 'auto' ? 'wenn sein Platz gebraucht wird' : `nach ${formatDuration(seconds * 1_000)}`}`,
    short: (seconds) => (seconds === null ? 'nie' : seconds === 'auto' ? 'auto' : formatDuration(seconds * 1_000)),
    choice: (seconds) => (seconds === null ? 'Behalten, solange Platz ist' : seconds === 'auto' ? '5 Min., wenn sein Platz gebraucht wird' : formatDuration(seconds * 1_000)),
    standard: (seconds) => `Wie alle Modelle (${seconds === null ? 'solange Platz ist' : seconds === 'auto' ? 'wenn Platz gebraucht wird' : formatDuration(seconds * 1_000)})`,
  },
  history: {
    title: 'Letzte 15 Minuten',
    models: 'Modelle',
    free: 'Frei',
    axis: ['vor 15 Min.', '10 Min.', '5 Min.', 'jetzt'],
    marks: 'Was in den letzten 15 Minuten geschah',
    mark: (events, what) => (events === 1 ? what : `${events} Ereignisse: ${what}`),
    more: (more) => `und ${more} weitere`,
    empty: 'Das Bild beginnt jetzt und wächst auf 15 Minuten.',
    summary: ({ least, leastAt, from, to, events }) =>
      `Modelle belegten ${from === to ? to : `zwischen ${from} und ${to}`}. Am wenigsten frei war um ${leastAt}: ${least}. ${events === 0 ? 'Nichts wurde geladen oder entladen.' : `${count(events)} ${events === 1 ? 'Ereignis' : 'Ereignisse'}.`}`,
  },
  problemWords,
  overBudget({ bytes }, reserve) {
    const meanwhile = 'Bis das vorbei ist, wird nichts mehr geladen, und unbenutzte Modelle werden entladen.';
    if (reserve < bytes) return `Modelle und andere Programme belegen ${formatBytes(bytes)} mehr, als da ist. ${meanwhile}`;
    return `Sie halten ${formatBytes(reserve)} für andere Programme frei, doch ${formatBytes(bytes)} davon sind belegt. Senken Sie in den Einstellungen den Wert für „${settings.settings.rows['memory.reserve_gb'].name}“. ${meanwhile}`;
  },
  adviceText: adviceWords,
  sourceAdvice: sourceAdviceWords,
  sourceNotices: {
    absent: (label, url, from) => `${label} antwortet nicht unter ${url} (${{ settings: 'die Adresse aus den Einstellungen', variable: 'aus der Variablen OLLAMA_HOST', standard: 'seine übliche Adresse' }[from]}). Seine Modelle erscheinen hier, sobald es läuft.`,
    absentRemedy: 'Adresse ändern oder abschalten',
    down: (label, time) => `${label} antwortet seit ${time} Uhr nicht mehr.`,
    holds: (size) => `Seine Modelle belegen vielleicht noch ${size}.`,
    howToStart: 'Wie es gestartet wird',
    lost: (label, names) => `${label} wurde neu gestartet und hat ${formatList(names)} verloren.`,
    loadAgain: (models) => (models === 1 ? 'Wieder laden' : `Die ${models} Modelle wieder laden`),
    leave: 'Nicht jetzt',
  },
  advice: { title: 'Vorschläge', dismiss: 'Ausblenden', dismissNamed: (what) => `Ausblenden: ${what}` },
};
