import type { Fit, FileKind, ModelTask, ModelTrait } from '../../contract/index.ts';

/*
 * Everything that the recommender knows, on one page. It goes by what servers report of their models; names count only where people put a
 * word into them that says what a model is for. There is no list of models here, so nothing has to be kept up to date.
 * docs/recommender.md says the same in words.
 */

/** What a model must be able to do, in the words in which providers report it. */
export type Need = 'completion' | 'vision' | 'audio' | 'video' | 'embedding' | 'tools' | 'thinking';
/** What a model was made for. */
export type Trait = ModelTrait;

export interface TaskRule {
  needs: readonly Need[];
  likes: readonly Trait[];
  /** "… {does}": what a model does that is right for it. */
  does: string;
  /** Where no installed model can do it: the sentence that says so. */
  none: string;
}

export const taskRules: Readonly<Record<ModelTask, TaskRule>> = {
  chat: { needs: ['completion'], likes: [], does: 'reads and writes text', none: 'No installed model writes text.' },
  code: { needs: ['completion'], likes: ['code'], does: 'reads and writes text, code too', none: 'No installed model writes text.' },
  image: { needs: ['completion', 'vision'], likes: [], does: 'sees images', none: 'No installed model sees images.' },
  ocr: { needs: ['completion', 'vision'], likes: ['ocr'], does: 'sees images, so it can read pages', none: 'No installed model sees images.' },
  audio: { needs: ['audio'], likes: [], does: 'hears audio', none: 'No installed model hears audio.' },
  video: { needs: ['video'], likes: [], does: 'sees videos', none: 'No installed model sees videos.' },
  embedding: { needs: ['embedding'], likes: [], does: 'makes embeddings', none: 'No installed model makes embeddings.' },
  math: { needs: ['completion'], likes: ['math'], does: 'reads and writes text', none: 'No installed model writes text.' },
  translation: { needs: ['completion'], likes: ['translation'], does: 'reads and writes text', none: 'No installed model writes text.' },
  tools: { needs: ['completion', 'tools'], likes: [], does: 'calls tools', none: 'No installed model calls tools.' },
  thinking: { needs: ['completion', 'thinking'], likes: [], does: 'thinks before it answers', none: 'No installed model thinks before it answers.' },
};

/** What is done with a file where nobody says what for; `or`: where no model can do that. */
export const kindRules: Readonly<Record<FileKind, { task: ModelTask; or?: ModelTask; note?: string; orNote?: string } | { task: null; why: string }>> = {
  text: { task: 'chat' },
  code: { task: 'code' },
  data: { task: 'chat' },
  image: { task: 'image' },
  pdf: { task: 'ocr', or: 'chat', note: 'Its pages have to be given as pictures.', orNote: 'No installed model sees pages: its text has to be taken out first.' },
  document: { task: 'chat', note: 'Its text has to be taken out first.' },
  audio: { task: 'audio' },
  video: { task: 'video', or: 'image', orNote: 'Single pictures have to be taken out first.' },
  archive: { task: null, why: 'It is an archive: unpack it, and ask for the files in it.' },
  empty: { task: null, why: 'It is empty.' },
  unknown: { task: null, why: 'What it holds cannot be told from its first bytes.' },
};

/** What a name or family says that a model was made for. */
export const traitWords: readonly (readonly [Trait, RegExp])[] = [
  ['code', /(?<!de|en|trans)cod(e|er|ing)(?!c)/i],
  ['ocr', /(?<![a-z])ocr|ocr(?![a-z])/i],
  ['math', /math(?!ew)/i],
  ['translation', /translat/i],
];

/** Models that serve others: they sort, judge or speed up answers, and write none worth reading. */
export const helperWords = /rerank|reward|guard|moderation|classifier|(?<![a-z])draft(?![a-z])/i;

/** What a name says a model can do, for servers that do not tell. Without any such word it is taken for one that writes text. */
export const abilityWords: readonly (readonly [RegExp, readonly Need[]])[] = [
  [/embed/i, ['embedding']],
  [/whisper|transcri/i, ['audio']],
  [/vision|(?<![a-z])vl(?![a-z])/i, ['completion', 'vision']],
];

/** Billions of parameters from which on a model is of the next class: models within one class are about as good as each other. */
export const sizeClasses = [1.5, 5, 10, 20, 45, 90, 200] as const;
/** So few bits for each weight cost as much as a class of size; of these, two. */
export const COARSE_BITS = 3;
export const VERY_COARSE_BITS = 2;

/** What it takes until a model can answer, in classes of size: how much better it must be to be worth that. null: it cannot answer now. */
export const prices: Readonly<Record<Fit['kind'], number | null>> = {
  loaded: 0,
  served: 0.5,
  fits: 0.5,
  // One class better does not pay for others having to go, nor for data that leaves this computer; two do.
  online: 1.25,
  evicts: 1.25,
  waits: 1.25,
  short: null,
  'too-big': null,
  blocked: null,
};
/** A load that is known to take a minute costs as much as a class of size; nothing costs more for its time. */
export const MS_PER_CLASS = 60_000;
