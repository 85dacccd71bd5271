import type { FileKind, ModelTask, ModelTrait, Recommendation } from '../../../contract/index.ts';
import type { FileNote } from '../../view/file-notes.ts';
import { formatList } from '../format.ts';
import { count } from './words.ts';

type Unheeded = NonNullable<Recommendation['unheeded']>;

/** Which model is right for files that somebody has here. */
export const files = {
  title: (many: number) => (many === 1 ? 'Which model for this file?' : `Which model for these ${count(many)} files?`),
  close: 'Close',
  closed: 'The answer about the files was closed.',
  looking: 'Looking at the beginnings of the files',
  ready: (groups: readonly string[], left: number) =>
    [groups.length === 0 ? 'No model is right for these files.' : `${formatList(groups)} ${groups.length === 1 ? 'is' : 'are'} right.`, groups.length > 0 && left > 0 ? `For ${left === 1 ? '1 file' : `${count(left)} files`} none is.` : ''].filter(Boolean).join(' '),
  inOrder: 'In their best order: what is in memory comes first, and what others have to go for comes last.',
  privacy: 'Airdock was given name, size, type and the first 4 kB of each file, and nothing else. It keeps none of that.',
  only: (looked: number, all: number) => `Only the first ${count(looked)} of ${count(all)} files were looked at.`,
  more: (names: readonly string[], rest: number) => (rest === 0 ? formatList(names) : `${names.join(', ')} and ${count(rest)} more`),
  context: (tokens: number) => `with ${count(tokens)} tokens of context, so that the longest of them fits`,
  or: (names: readonly string[]) => `Would do too: ${formatList(names)}.`,
  none: 'No model is right',
  loadMore: 'Load with more context',
  loadMoreNamed: (name: string) => `Load with more context: ${name}`,
  does: {
    chat: 'Reads and writes text',
    code: 'Reads and writes text, code too',
    image: 'Sees pictures',
    ocr: 'Sees pictures, so it can read pages',
    audio: 'Hears audio',
    video: 'Sees videos',
    embedding: 'Makes embeddings',
    math: 'Reads and writes text',
    translation: 'Reads and writes text',
    tools: 'Uses tools',
    thinking: 'Thinks first',
  } satisfies Record<ModelTask, string> as Readonly<Record<ModelTask, string>>,
  madeFor: {
    code: 'Made for code, as its name says',
    ocr: 'Made for reading pages, as its name says',
    math: 'Made for mathematics, as its name says',
    translation: 'Made for translating, as its name says',
  } satisfies Record<ModelTrait, string> as Readonly<Record<ModelTrait, string>>,
  bySettings: 'Your settings name it for such files',
  byModel: (does: string) => `${does}; a model in memory chose it`,
  cannot: {
    chat: 'no installed model writes text.',
    code: 'no installed model writes text.',
    image: 'no installed model sees pictures.',
    ocr: 'no installed model sees pictures.',
    audio: 'no installed model hears audio.',
    video: 'no installed model sees videos or pictures.',
    embedding: 'no installed model makes embeddings.',
    math: 'no installed model writes text.',
    translation: 'no installed model writes text.',
    tools: 'no installed model uses tools.',
    thinking: 'no installed model thinks first.',
  } satisfies Record<ModelTask, string> as Readonly<Record<ModelTask, string>>,
  why: {
    archive: 'an archive. Unpack it, and ask for the files in it.',
    empty: 'empty.',
    unknown: 'what it holds cannot be told from its beginning.',
  } satisfies Partial<Record<FileKind, string>> as Readonly<Partial<Record<FileKind, string>>>,
  unreadable: 'cannot be read. Folders have to be opened first, and their files dropped.',
  about: (names: string, why: string) => `${names}: ${why}`,
  notes: {
    pages: 'Pages have to be given as pictures.',
    text: 'The text has to be taken out first.',
    pageText: 'No installed model sees pages: the text has to be taken out first.',
    stills: 'Single pictures have to be taken out first.',
    long: 'Longer than the context of every model that is right: it has to be given in parts.',
    together: 'Chosen for all of them together, so that fewer models have to be loaded.',
  } satisfies Record<FileNote, string> as Readonly<Record<FileNote, string>>,
  unheeded: {
    missing: (model: string, key: string) => `The settings name ${model} for ${key}, but no such model is installed.`,
    unusable: (model: string, key: string) => `The settings name ${model} for ${key}, but it cannot be used.`,
    online: (model: string, key: string) => `The settings name ${model} for ${key}, but it is online, and online models are not taken here.`,
    'too-big': (model: string, key: string) => `The settings name ${model} for ${key}, but it is too big for this computer.`,
    'too-long': (model: string, key: string) => `The settings name ${model} for ${key}, but this is longer than its context.`,
  } satisfies Record<Unheeded['why'], (model: string, key: string) => string> as Readonly<Record<Unheeded['why'], (model: string, key: string) => string>>,
  drop: 'Which model for this?',
  dropHint: 'Drop files anywhere: Airdock says which model is right for them.',
  choose: 'Choose files',
  chooseTitle: 'Which model for a file?',
  chooseHint: 'Choose some, drop them anywhere on this page, or paste a picture.',
};
