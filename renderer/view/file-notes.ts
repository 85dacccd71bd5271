export type FileNote = 'pages' | 'text' | 'pageText' | 'stills' | 'long' | 'together';

/** What the engine adds to an answer in sentences of its own; a test holds them against the recommender's. */
const sentences: ReadonlyMap<string, FileNote> = new Map<string, FileNote>([
  ['Its pages have to be given as pictures.', 'pages'],
  ['Its text has to be taken out first.', 'text'],
  ['No installed model sees pages: its text has to be taken out first.', 'pageText'],
  ['Single pictures have to be taken out first.', 'stills'],
  ['It is longer than the context of every model that is right for it: it has to be given in parts.', 'long'],
  ['Chosen together with the other files, so that fewer models have to be loaded.', 'together'],
]);

/** The note that this sentence is; null: one that names models or settings (`Recommendation.unheeded`). */
export const noteOf = (sentence: string): FileNote | null => sentences.get(sentence) ?? null;
