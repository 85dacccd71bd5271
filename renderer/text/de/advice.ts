import type { Advice, AdviceWords } from '../engine-words.ts';

/** A model's id as people call it: "ollama/llama3.2:latest" is "llama3.2". */
const nameOf = (id: string) => id.slice(id.indexOf('/') + 1).replace(/:latest$/, '');

/** A suggestion by what it is about; the engine's own sentence where that is not known. */
export function adviceWords({ id, text, action }: Advice): AdviceWords {
  const [about, what = ''] = [id.slice(0, id.indexOf(':') + 1 || id.length), id.slice(id.indexOf(':') + 1)];
  if (about === 'unload-foreign') {
    return { text: 'Andere Programme haben Modelle geladen. Darf Airdock sie entladen, wenn sie unbenutzt sind?', label: 'Ja, wenn unbenutzt' };
  }
  if (about === 'keep:') {
    return { text: `${nameOf(what)} wurde immer wieder geladen, weil es unbenutzt entladen wurde. Behalten, solange Platz ist?`, label: 'Behalten, solange Platz ist' };
  }
  if (about === 'limit:') {
    // Also of a single load that was refused, or made another model go: what is true of all three is said.
    const ollama = text.includes('OLLAMA_MAX_LOADED_MODELS') ? ' Ollama hat eine eigene Grenze; vielleicht muss auch OLLAMA_MAX_LOADED_MODELS erhöht werden.' : '';
    return { text: `Platz für ein weiteres Modell wäre da, nur die Grenze steht im Weg. ${what} Modelle erlauben?${ollama}`, label: `${what} Modelle erlauben` };
  }
  return { text, label: action?.label ?? '' };
}
