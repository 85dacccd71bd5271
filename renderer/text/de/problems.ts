import type { Problem, ProblemCode } from '../../../contract/index.ts';
import type { ProblemWords } from '../engine-words.ts';
import { shell } from './shell.ts';

/** What every code says in general. The engine's own sentence, which names models and sizes, is kept beside it. */
const words: Record<ProblemCode, readonly [message: string, hint?: string]> = {
  'unknown-model': ['Dieses Modell ist nicht installiert.'],
  'ambiguous-model': ['Der Name passt zu mehreren Modellen.', 'Ein genauerer Name hilft.'],
  'model-disabled': ['Das Modell ist in den Einstellungen ausgeschaltet.'],
  'needs-room': ['Dafür müssen andere Modelle entladen werden.', 'Bestätigen, um zu entladen und zu laden.'],
  'no-room': ['Dafür lässt sich nicht genug Speicher freimachen.', 'Andere Programme schließen oder unbenutzte Modelle entladen.'],
  'too-big': ['Das Modell ist zu groß für diesen Computer.', 'Ein kleinerer Kontext oder eine kleinere Quantisierung braucht weniger.'],
  'limit-reached': ['So viele Modelle wie erlaubt sind schon im Speicher.', 'Warten, bis eines frei wird, eines entladen oder die Grenze erhöhen.'],
  'over-budget': ['Der Speicher ist überbelegt.', 'Warten, bis wieder Platz ist, oder Programme schließen.'],
  frozen: ['Modelle sind eingefroren.', 'Erst das Einfrieren beenden.'],
  'in-use': ['Das Modell ist gerade in Gebrauch.', 'Noch einmal versuchen, sobald es unbenutzt ist.'],
  pinned: ['Das Modell wird im Speicher behalten.', 'Nicht mehr behalten oder trotzdem entladen.'],
  foreign: ['Ein anderes Programm hat das Modell geladen.'],
  'cooling-down': ['Das Laden misslang mehrmals; vorerst wird es nicht mehr versucht.', 'Von Hand laden versucht es sofort.'],
  'provider-down': ['Die Quelle des Modells antwortet nicht.', 'Sie starten, dann noch einmal versuchen.'],
  'load-failed': ['Das Laden ist misslungen.'],
  'load-timeout': ['Das Laden hat zu lange gedauert.'],
  'out-of-memory': ['Der Speicher reichte beim Laden nicht.'],
  'pressure-limit': ['Das Laden wurde abgebrochen: Dem Computer ging der Speicher aus.'],
  cancelled: ['Das Laden wurde abgebrochen.'],
  'not-loaded': ['Das Modell ist nicht im Speicher.'],
  'not-letting-go': ['Das Modell gibt seinen Speicher nicht her.'],
  'unload-failed': ['Das Entladen ist misslungen.'],
  'generate-failed': ['Das Modell hat nicht geantwortet.'],
  'lease-gone': ['Die Nutzung ist schon zu Ende.'],
  'bad-file': ['Die Datei ist kein brauchbares Modell.'],
  'bad-folder': ['Der Ordner lässt sich nicht lesen.'],
  'disk-full': ['Auf der Platte ist nicht genug Platz.', 'Platz schaffen, dann noch einmal versuchen.'],
  'download-failed': ['Das Herunterladen ist misslungen.', 'Noch einmal versuchen.'],
  'delete-failed': ['Das Modell ließ sich nicht löschen.'],
  'bad-config': ['Die Konfigurationsdatei ist nicht brauchbar.'],
  'bad-key': ['Der Schlüssel für diesen Server fehlt oder wird nicht angenommen.'],
  'bad-request': ['Die Anfrage ergibt keinen Sinn.'],
  unauthorized: ['Diese Seite ist nicht angemeldet.', 'Die Übersicht über das Symbol in der Leiste öffnen, oder mit „airdock open“ in einem Terminal.'],
  forbidden: ['Das ist hier nicht erlaubt.'],
  'not-found': ['Das gibt es nicht.'],
  'not-running': ['Airdock antwortet nicht.', 'Diese Seite findet es von selbst wieder.'],
  'already-running': ['Airdock läuft schon.'],
  'watch-only': ['Ein anderes Airdock steuert die Modelle dieses Computers.', 'Dort laden und entladen.'],
  internal: ['In Airdock ist etwas schiefgegangen.'],
};

const hintOf = (code: ProblemCode) => words[code][1] ?? null;

const ownProblems = shell.problems;

/** Problems that the page itself tells are in its own language already. */
const isOwn = ({ message }: Problem) =>
  message === ownProblems.unreachable.message || message === ownProblems.signedOut.message || message.startsWith(ownProblems.badAnswer(0).message.split('(')[0] ?? '');

/** A problem in German, with the engine's own English sentence. */
export function problemWords(problem: Problem): ProblemWords {
  if (isOwn(problem)) return { message: problem.message, hint: problem.hint ?? null, detail: null };
  // The one refusal of that code which may have another cause: kept, or loaded by another program.
  if (problem.code === 'in-use' && problem.message.includes('another context size')) {
    return { message: 'Das Modell ist mit anderer Kontextgröße im Speicher und lässt sich gerade nicht austauschen.', hint: hintOf('in-use'), detail: problem.message };
  }
  // It was told to go and will.
  if (problem.code === 'in-use' && problem.message.includes('leaves memory when')) return { message: 'Das Modell antwortet noch einem anderen Programm und verlässt danach den Speicher.', hint: null, detail: null };
  const [message, hint] = words[problem.code] ?? words.internal;
  return { message, hint: hint ?? null, detail: [problem.message, problem.hint].filter((part) => part !== undefined).join(' ') };
}
