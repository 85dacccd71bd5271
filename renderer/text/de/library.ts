import type { DownloadCheck } from '../../../contract/index.ts';
import type { library as english } from '../en/library.ts';
import { formatBytes, formatDuration, formatList } from '../format.ts';
import { count } from './words.ts';

type Fit = NonNullable<DownloadCheck['fit']>;

function fitWords(fit: Fit, unloads: readonly string[]): string {
  switch (fit.kind) {
    case 'loaded':
    case 'fits':
      return 'passt jetzt';
    case 'waits':
      return 'passt nach dem, was gerade läuft';
    case 'evicts':
      return `passt, wenn ${formatList(unloads)} ${unloads.length === 1 ? 'geht' : 'gehen'}`;
    case 'short':
      return `passt jetzt nicht, ${formatBytes(fit.missing ?? 0)} mehr müssten frei sein`;
    case 'too-big':
      return `um ${formatBytes(fit.missing ?? 0)} zu groß für diesen Computer`;
    default:
      return 'ob es passt, ist gerade nicht zu sagen';
  }
}

export const library: typeof english = {
  title: 'Ein Modell holen',
  label: 'Name eines Modells, Adresse einer GGUF-Datei oder eine Datei auf diesem Computer',
  placeholder: 'llama3.2 oder https://…/model.gguf',
  hint: 'Ein Name kommt über Ollama. Bevor etwas heruntergeladen wird, steht hier, ob es passt.',
  noPath: 'Ein Browser verrät nicht, wo eine Datei liegt: Tippen Sie ihren Pfad hier ein, oder nennen Sie ihren Ordner unter „Woher Modelle kommen“.',
  check: 'Nachsehen',
  checking: 'Wird nachgesehen …',
  size: (bytes, installed) => (bytes === null ? 'Die Größe ist nicht bekannt' : installed ? `Bis zu ${formatBytes(bytes)} herunterzuladen: Es ist schon da` : `${formatBytes(bytes)} herunterzuladen`),
  needs: (bytes) => (bytes === null ? 'Wie viel Speicher es braucht, ist vorher nicht zu sagen' : `braucht etwa ${formatBytes(bytes)} Speicher`),
  fit: fitWords,
  disk: (free) => `Auf der Platte sind nur ${formatBytes(free)} frei.`,
  coming: (needs, fit, unloads) => `Braucht etwa ${formatBytes(needs)} Speicher${fit === null ? '' : `: ${fitWords(fit, unloads)}`}.`,
  download: 'Herunterladen',
  downloadAnyway: 'Trotzdem herunterladen',
  named: (action, name) => `${action}: ${name}`,
  putAside: 'Jetzt nicht',
  here: (bytes) => `${formatBytes(bytes)} auf der Platte`,
  dropped: 'Selbst ein Modell.',
  droppedInBrowser: 'Selbst ein Modell. Ein Browser verrät nicht, wo eine Datei liegt: Tippen Sie ihren Pfad auf der Seite Modelle unter „Ein Modell holen“ ein, oder legen Sie sie in der Desktop-App ab.',
  fromHere: (path) => `${path} in den eigenen Ordner von Airdock übernehmen?`,
  copy: 'Kopieren',
  link: 'Verknüpfen',
  linkHint: 'Eine Verknüpfung braucht keinen Platz und geht nur auf derselben Platte.',
  list: 'Downloads von Modellen',
  state: {
    queued: 'Wartet auf das vorige',
    running: 'Wird heruntergeladen',
    checking: 'Alles da, wird geprüft',
    done: 'Ist da',
    stopped: 'Angehalten, das Bisherige bleibt',
    failed: 'Misslungen',
  },
  copying: 'Wird kopiert',
  amount: (done, total) => (total === null ? formatBytes(done) : `${formatBytes(done)} von ${formatBytes(total)}`),
  speed: (bytesPerSecond) => `${formatBytes(bytesPerSecond)}/s`,
  left: (ms) => `noch ${formatDuration(ms)}`,
  parts: (done, total) => `Teil ${Math.min(done + 1, total)} von ${total}`,
  bar: (name) => `${name} wird heruntergeladen`,
  checksum: (sha256) => `SHA-256: ${sha256}`,
  checksums: 'Prüfsumme',
  cancel: 'Anhalten',
  goOn: 'Fortsetzen',
  again: 'Noch einmal',
  discard: 'Verwerfen',
  dismiss: 'Fertig',
  disks: {
    title: 'Auf der Platte',
    place: (bytes, free) => `${formatBytes(bytes)} Modelle${free === null ? '' : `, ${formatBytes(free)} frei`}`,
    untold: (provider) => `Bei ${provider}; in welchem Ordner, ist nicht bekannt`,
    unused: (bytes) => `Seit 30 Tagen nicht benutzt: ${formatBytes(bytes)}`,
    all: (models) => (models === 1 ? 'Das eine Modell' : `Alle ${count(models)} Modelle, das größte zuerst`),
    used: (when) => `benutzt ${when}`,
    never: 'noch nicht in Gebrauch gesehen',
    more: (models) => `Und ${count(models)} weitere: „airdock du“ in einem Terminal zeigt alle.`,
  },
  details: {
    title: 'Was die Datei sagt',
    architecture: 'Bauart',
    perToken: 'Je 1.000 Token Kontext',
    contexts: 'Speicher nach Kontext',
    context: (tokens) => `${count(tokens)} Token`,
    about: (bytes) => `etwa ${formatBytes(bytes)}`,
    file: 'Datei',
    files: (files) => `${files} Dateien`,
    projector: 'Daneben, für Bilder (von Airdock nicht benutzt)',
    update: 'Nach einem neueren sehen',
    update_: { current: 'Das ist das neueste.', newer: 'Es gibt ein neueres.', unknown: 'Woher es kommt, weiß nur Ollama: Erneutes Herunterladen holt, was sich geändert hat, und sonst nichts.', gone: 'Dort, woher Ollama Modelle holt, gibt es keines (mehr) mit diesem Namen: Es wurde vielleicht auf diesem Computer gemacht.' },
    fetch: 'Geändertes herunterladen',
    delete: 'Von der Platte löschen',
    kept: 'Es liegt in einem eigenen Ordner von Ihnen: Airdock löscht es nicht.',
    keptSample: 'Ein Beispiel, das Airdock gemacht hat: Beispiele werden nicht einzeln gelöscht.',
    folder: 'Liegt in',
    lastUsed: 'Zuletzt benutzt',
    neverUsed: 'Noch nicht gesehen',
    question: (name, size, inMemory) => `${name} und seine ${size} von der Platte löschen?${inMemory ? ' Es wird erst entladen.' : ''}`,
    yes: 'Löschen',
    no: 'Behalten',
    anyway: 'Trotzdem löschen',
    deleted: (name) => `${name} wurde gelöscht.`,
  },
};
