import type { ProblemCode } from '../../../contract/index.ts';

/** What each code says in general. The engine's sentence, which names models and sizes, is English, and stands in the activity list. */
const words: Partial<Record<ProblemCode, string>> = {
  'unknown-model': 'Dieses Modell ist nicht installiert.',
  'ambiguous-model': 'Der Name passt zu mehreren Modellen.',
  'model-disabled': 'Das Modell ist in den Einstellungen ausgeschaltet.',
  'needs-room': 'Dafür müssten andere Modelle entladen werden.',
  'no-room': 'Dafür lässt sich nicht genug Speicher freimachen.',
  'too-big': 'Das Modell ist zu groß für diesen Computer.',
  'limit-reached': 'So viele Modelle wie erlaubt sind schon im Speicher.',
  'over-budget': 'Der Speicher ist überbelegt.',
  frozen: 'Die Modelle sind eingefroren.',
  'in-use': 'Das Modell ist gerade in Gebrauch.',
  pinned: 'Das Modell wird im Speicher behalten.',
  foreign: 'Ein anderes Programm hat das Modell geladen.',
  'cooling-down': 'Das Laden misslang mehrmals; vorerst wird es nicht mehr versucht.',
  'provider-down': 'Die Quelle des Modells antwortet nicht.',
  'load-timeout': 'Das Laden hat zu lange gedauert.',
  'out-of-memory': 'Der Speicher reichte beim Laden nicht.',
  'pressure-limit': 'Dem Computer ging dabei der Speicher aus.',
  'not-loaded': 'Das Modell ist nicht im Speicher.',
  'not-letting-go': 'Es wurde zum Entladen aufgefordert, und sein Speicher bleibt belegt.',
  'unload-failed': 'Das Entladen ist misslungen.',
  'bad-file': 'Seine Datei ist kein brauchbares Modell.',
  'disk-full': 'Auf der Platte ist nicht genug Platz.',
  'bad-config': 'Die Einstellungsdatei ist nicht brauchbar.',
  'not-running': 'Airdock antwortet nicht.',
  'watch-only': 'Ein anderes Airdock steuert die Modelle dieses Computers.',
};

/** A problem in German by its code; `otherwise` where that does not tell enough. */
export function problemIn(code: string | null, otherwise: string): string {
  return (code === null ? undefined : words[code as ProblemCode]) ?? otherwise;
}
