import { formatBytes } from '../../../contract/index.ts';
import type { DesktopText } from './en.ts';

const models = (count: number): string => (count === 1 ? '1 Modell' : `${count} Modelle`);
const models0 = (count: number): string => (count === 0 ? 'keine Modelle' : models(count));
const were = (count: number): string => (count === 1 ? 'wurde' : 'wurden');
const list = (items: readonly string[]): string => (items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} und ${items[items.length - 1]}`);

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} Tagen`;
}

const by = (who: string | null): string => (who === null ? '' : `, angefordert von ${who}`);

export const de: DesktopText = {
  size: (bytes) => formatBytes(bytes).replace('.', ','),
  tray: {
    starting: 'Airdock startet…',
    reading: 'Speicher wird gelesen…',
    free: (free, count) => `${free} frei · ${models0(count)}`,
    over: (bytes, count) => `${bytes} zu viel belegt · ${models0(count)}`,
    modelsOnly: (count) => models0(count),
    watching: 'Nur Zuschauer: ein anderes Airdock ist zuständig',
    overHint: 'Nichts wird geladen, bis wieder Speicher frei ist…',
    down: (who, at) => `${who} antwortet seit ${at} nicht mehr…`,
    badConfig: 'In der Einstellungsdatei ist ein Fehler…',
    suggestions: (count) => (count === 1 ? 'Ein Vorschlag…' : `${count} Vorschläge…`),
    none: 'Keine Modelle im Speicher',
    state: {
      reserved: 'wartet auf Platz',
      loading: 'wird geladen',
      loadingPercent: (percent) => `wird geladen, ${percent} %`,
      unloading: 'wird entladen',
      stuck: 'gibt den Speicher nicht frei',
      inUse: 'in Benutzung',
      inUseBy: (names) => `benutzt von ${list(names)}`,
      inUseByMany: (count) => `benutzt von ${count} Programmen`,
      kept: 'wird behalten',
      stays: 'bleibt',
      unloadsIn: (countdown) => `wird in ${countdown} entladen`,
      unloadsAt: (clock) => `wird um ${clock} entladen`,
      unloadsNow: 'wird jetzt entladen',
      unused: (ms) => `seit ${duration(ms)} unbenutzt`,
    },
    takes: (size) => `Belegt ${size}`,
    unload: 'Entladen',
    unloadAsk: 'Entladen…',
    keep: 'Im Speicher behalten',
    cancelLoad: 'Laden abbrechen',
    end: 'Prozess beenden…',
    show: 'In Airdock zeigen',
    load: 'Laden',
    fit: {
      fits: 'passt jetzt',
      evicts: (names) => `entlädt ${list(names)}…`,
      evictsMany: (count) => `entlädt ${count} Modelle…`,
      evictsUnknown: 'entlädt andere…',
      waits: 'passt gleich…',
      short: (missing) => `braucht ${missing} mehr…`,
      shortUnknown: 'braucht mehr Platz…',
      tooBig: 'zu groß für diesen Computer',
      blocked: 'nicht jetzt…',
      broken: 'kann nicht geladen werden…',
    },
    noneInstalled: 'Noch keine Modelle gefunden…',
    allLoaded: 'Alle Modelle sind im Speicher',
    more: (count) => `${count} weitere in der Übersicht…`,
    freeMemory: 'Speicher freigeben',
    held: (until) => (until === null ? 'Nichts lädt von selbst' : `Nichts lädt von selbst bis ${until}`),
    pause: 'Alles im Speicher behalten',
    paused: (until) => (until === null ? 'Alles wird behalten' : `Alles wird behalten bis ${until}`),
    freeze: 'Einfrieren',
    frozen: (until) => (until === null ? 'Eingefroren' : `Eingefroren bis ${until}`),
    forAnHour: 'Für 1 Stunde',
    untilEnded: 'Bis ich es beende',
    open: 'Airdock öffnen',
    settings: 'Einstellungen…',
    updates: {
      check: 'Nach Updates suchen…',
      checking: 'Updates werden gesucht…',
      available: (version) => `Auf ${version} aktualisieren…`,
      downloading: (percent) => (percent === null ? 'Update wird geladen…' : `Update wird geladen, ${percent} %`),
      ready: (version) => `Neu starten und auf ${version} aktualisieren`,
      waiting: 'Update, sobald kein Modell benutzt wird',
    },
    quit: 'Airdock beenden',
  },
  notifications: {
    unloaded: (name) => `${name} wurde entladen`,
    room: (newcomer, who) => `Um Platz für ${newcomer} zu schaffen${by(who)}.`,
    roomUnknown: 'Um Platz für ein anderes Modell zu schaffen.',
    pressure: 'Der Speicher des Computers wurde knapp.',
    limit: 'Die Grenze wurde gesenkt.',
    replace: (who) => `Es wird mit anderer Kontextgröße neu geladen${by(who)}.`,
    hung: (newcomer) => `Das Laden von ${newcomer} kam daran nicht vorbei.`,
    frees: (size) => `${size} sind jetzt frei.`,
    unloadedForRoom: (count) => `${models(count)} ${were(count)} entladen, um Platz zu schaffen`,
    unloadedForPressure: (count) => `${models(count)} ${were(count)} entladen: der Speicher wurde knapp`,
    unloadedMany: (count) => `${models(count)} ${were(count)} entladen`,
    loadFailed: (name) => `${name} konnte nicht geladen werden`,
    unloadFailed: (name) => `${name} gibt den Speicher nicht frei`,
    crashed: (name) => `${name} ist abgestürzt`,
    down: (who) => `${who} antwortet nicht mehr`,
    downBody: 'Seine Modelle belegen vielleicht noch Speicher.',
    failures: (count) => `${count} Probleme mit Modellen`,
    mixed: (failures, unloaded) => `${failures === 1 ? '1 Problem' : `${failures} Probleme`}, ${models(unloaded)} entladen`,
    more: (count) => `und ${count} weitere`,
    failed: 'Das ging nicht',
    advice: {
      title: 'Ein Vorschlag',
      limit: (limit) => `Zwei Modelle verdrängen sich immer wieder gegenseitig, obwohl Platz für beide ist. ${limit} Modelle erlauben?`,
      keep: (name) => `${name} wird immer wieder entladen, weil es kurz unbenutzt ist, und dann neu geladen. Behalten, solange Platz ist?`,
    },
  },
  dialogs: {
    quit: {
      title: 'Airdock beenden?',
      inUse: (names) => `${list(names)} ${names.length === 1 ? 'wird' : 'werden'} gerade benutzt.`,
      usedBy: (name, holders) => `${name}: benutzt von ${list(holders)}`,
      ends: (names, size) => `${list(names)} (${size}) ${names.length === 1 ? 'verlässt' : 'verlassen'} mit Airdock den Speicher.`,
      stays: (names, size) => `${list(names)} (${size}) ${names.length === 1 ? 'würde' : 'würden'} im Speicher bleiben.`,
      staysUntil: (name, clock) => `${name}: bis ${clock}`,
      programs: (names) => `${list(names)} ${names.length === 1 ? 'erreicht' : 'erreichen'} über Airdock keine Modelle mehr.`,
      unload: 'Entladen und beenden',
      leave: 'Im Speicher lassen und beenden',
      quit: 'Beenden',
      wait: 'Beenden, sobald fertig',
      now: 'Sofort beenden',
      upTo: 'Dafür bleiben bis zu 30 Sekunden.',
      cancel: 'Abbrechen',
      remember: 'Nächstes Mal genauso',
      waiting: (names) => `Wartet, bis ${list(names)} fertig ${names.length === 1 ? 'ist' : 'sind'}…`,
    },
    keepsRunning: {
      title: 'Airdock läuft weiter',
      body: 'Dieser Desktop zeigt kein Symbol im Infobereich. Airdock kümmert sich ohne Fenster weiter um die Modelle. Ein neuer Start holt das Fenster zurück.',
      ok: 'Weiterlaufen lassen',
      quit: 'Airdock beenden',
      remember: 'Nicht mehr zeigen',
    },
    running: {
      title: 'Airdock läuft schon',
      body: 'Ein anderes Programm verwaltet die Modelle dieses Datenordners.',
      open: 'Dessen Übersicht öffnen',
    },
    fault: {
      title: 'In Airdock ist ein Fehler aufgetreten',
      body: 'Etwas in Airdock ist fehlgeschlagen, das nicht fehlschlagen darf. Bis zu einem Neustart arbeitet es vielleicht nicht richtig. Ein Bericht liegt im Protokollordner.',
      restart: 'Airdock neu starten',
      goOn: 'Weiter',
    },
    cannotStart: {
      title: 'Airdock konnte nicht starten',
      openLog: 'Protokollordner öffnen',
      quit: 'Beenden',
    },
    pageCrashed: {
      title: 'Das Fenster von Airdock ist abgestürzt',
      body: 'Es wurde neu geöffnet. Die Modelle sind nicht betroffen.',
      gaveUp: 'Es ist immer wieder abgestürzt. Airdock selbst läuft weiter, die Modelle sind nicht betroffen. Was geschehen ist, steht im Protokoll.',
      again: 'Wieder öffnen',
      close: 'Geschlossen lassen',
    },
    updates: {
      readyTitle: (version) => `Airdock ${version} ist bereit`,
      readyBody: 'Es wird beim nächsten Start eingerichtet. Modelle, die Airdock selbst betreibt, verlassen dann den Speicher.',
      restart: 'Jetzt neu starten',
      later: 'Später',
    },
    chooseFolder: { title: 'Ordner mit GGUF-Dateien wählen', button: 'Diesen Ordner verwenden' },
  },
};
