import { problem, type FileFacts, type InstalledModel, type ModelTrait, type Recommendation, type Recommended } from '../../../contract/index.ts';
import { drop, hold, type Brought } from '../drop-files.ts';
import type { EngineServer } from '../engine-server.ts';
import { catalog, live, plan, snapshot } from '../fixtures.ts';
import { inMemory, llama, nothing } from './common.ts';
import type { ScreenState } from './screen-state.ts';
import { german } from './speech.ts';

export interface Said {
  name: string;
  kind: FileFacts['kind'];
  task: Recommendation['task'];
  /** null: none is right. */
  model: string | null;
  chosenBy?: Recommendation['chosenBy'];
  notes?: string[];
  madeFor?: ModelTrait;
  unheeded?: Recommendation['unheeded'];
  alternatives?: string[];
}

const suggestion = (name: string): NonNullable<Recommendation['model']> => ({
  id: `ollama/${name}:latest`, name, reason: `${name} is right.`, contextLength: null, fit: { kind: 'fits' }, canLoad: true, plan: 'It loads.', loaded: null, unloads: [], blockers: [], expectedLoadMs: null,
});

/** The engine's answer where these models are right for these files, in this order. */
export function recommended(said: readonly Said[], contexts: Readonly<Record<string, number>> = {}): Recommended {
  const models = [...new Set(said.flatMap(({ model }) => model ?? []))];
  const at = (wanted: string | null) => said.flatMap(({ model }, index) => (model === wanted ? [index] : []));
  return {
    recommendations: said.map(({ name, kind, task, model, chosenBy = 'rules', notes = [], madeFor, unheeded, alternatives = [] }) => ({
      file: { name, mime: 'a/b', kind, language: null, sizeBytes: 5_000, tokens: null, knownFrom: 'content' },
      task, model: model === null ? null : { ...suggestion(model), ...(madeFor ? { madeFor } : {}) }, ...(unheeded ? { unheeded } : {}), alternatives: alternatives.map(suggestion), reason: 'Why.', chosenBy: model === null ? null : chosenBy, notes,
    })),
    groups: models.map((model) => ({ id: `ollama/${model}:latest`, name: model, contextLength: contexts[model] ?? null, files: at(model), loads: model !== 'llama3.2', unloads: [], reason: 'It loads.' })),
    left: at(null),
    loads: models.length,
    sentence: 'Said.',
  };
}

const mixed: Said[] = [
  { name: 'notes from the meeting of the working group on Tuesday.md', kind: 'text', task: 'chat', model: 'llama3.2', alternatives: ['qwen3:14b'] },
  { name: 'letter.docx', kind: 'document', task: 'chat', model: 'llama3.2', notes: ['Its text has to be taken out first.'] },
  { name: 'photo.png', kind: 'image', task: 'image', model: 'llama3.2-vision' },
  ...Array.from({ length: 5 }, (_, index): Said => ({ name: `IMG_${4011 + index}.heic`, kind: 'image', task: 'image', model: 'llama3.2-vision' })),
  { name: 'scan.pdf', kind: 'pdf', task: 'ocr', model: 'llama3.2-vision', notes: ['Its pages have to be given as pictures.'] },
  { name: 'query.sql', kind: 'code', task: 'code', model: 'codellama', chosenBy: 'settings', alternatives: ['llama3.2'] },
  { name: 'main.rs', kind: 'code', task: 'code', model: 'codellama', madeFor: 'code' },
  { name: 'photos.zip', kind: 'archive', task: null, model: null },
  { name: 'firmware.bin', kind: 'unknown', task: null, model: null },
  { name: 'talk.mp3', kind: 'audio', task: 'audio', model: null },
];
export const filesOf = (said: readonly Said[]): Brought[] => said.map(({ name }) => ({ name, content: 'x' }));
const says = (said: readonly Said[], contexts?: Readonly<Record<string, number>>) => (engine: EngineServer) => {
  engine.answers.recommend = () => ({ ok: true, value: recommended(said, contexts) });
};
const dropped = (said: readonly Said[]) => (page: Parameters<typeof drop>[0]) => drop(page, filesOf(said));
const both =
  (...parts: ((engine: EngineServer) => void)[]) =>
  (engine: EngineServer) => {
    for (const part of parts) part(engine);
  };
const some = (): InstalledModel[] => inMemory(['llama3.2']);
const asks = (engine: EngineServer) => {
  engine.answers.plan = () => ({ ok: true, value: plan('llama3.2-vision', 12, { canLoad: false, fit: { kind: 'evicts', unload: ['ollama/llama3.2:latest'] }, unloads: [{ id: 'ollama/llama3.2:latest', name: 'llama3.2', ram: 4_831_838_208, idleMs: 120_000, expired: false }] }) });
};
const longer: Said[] = [{ name: 'thesis.txt', kind: 'text', task: 'chat', model: 'llama3.2', notes: ['The settings name big for *.txt, but no such model is installed.'], unheeded: { model: 'big', key: '*.txt', why: 'missing' } }];
const none: Said[] = [{ name: 'photo.png', kind: 'image', task: 'image', model: null }, { name: 'empty.txt', kind: 'empty', task: null, model: null }];
const image: Said[] = [{ name: 'photo.png', kind: 'image', task: 'image', model: 'llama3.2-vision' }];

export const filesStates: readonly ScreenState[] = [
  { name: 'files-held', snapshot: () => snapshot(live([llama()]), some()), act: (page) => hold(page, filesOf(image)), shows: 'Which model for this?' },
  { name: 'files-held-german', snapshot: () => snapshot(live([llama()]), some()), arrange: german, act: (page) => hold(page, filesOf(image)), shows: 'Welches Modell hierfür?' },
  { name: 'files-groups', snapshot: () => snapshot(live([llama()]), some()), arrange: says(mixed), act: dropped(mixed), shows: /no installed model hears audio/ },
  { name: 'files-groups-german', address: '#/models', snapshot: () => snapshot(live([llama()]), some()), arrange: both(german, says(mixed)), act: dropped(mixed), shows: /kein installiertes Modell hört Ton/ },
  { name: 'files-none', snapshot: () => nothing(), arrange: says(none), act: dropped(none), shows: /no installed model sees pictures/ },
  { name: 'files-choose', address: '#/models', snapshot: () => snapshot(live([llama()]), some()), shows: 'Choose files' },
  {
    name: 'files-preview',
    address: '#/models',
    snapshot: () => snapshot(live([llama()]), some()),
    arrange: both(says(image), asks),
    act: async (page) => {
      await dropped(image)(page);
      await page.locator('[data-file-group]').getByRole('button', { name: 'Load llama3.2-vision' }).click();
    },
    shows: /This unloads llama3.2/,
  },
  { name: 'files-more-context', snapshot: () => snapshot(live([llama()]), some()), arrange: says(longer, { 'llama3.2': 65_536 }), act: dropped(longer), shows: /65,536 tokens of context/ },
  { name: 'files-more-context-german', snapshot: () => snapshot(live([llama()]), some()), arrange: both(german, says(longer, { 'llama3.2': 65_536 })), act: dropped(longer), shows: /Die Einstellungen nennen big für \*\.txt/ },
  {
    name: 'files-many',
    snapshot: () => snapshot(live([llama()]), some()),
    arrange: says(Array.from({ length: 98 }, (_, index): Said => ({ name: `IMG_${index}.heic`, kind: 'image', task: 'image', model: 'llama3.2-vision' }))),
    act: (page) => drop(page, [{ name: 'model.gguf' }, { name: 'other', content: 'GGUF' }, ...Array.from({ length: 148 }, (_, index) => ({ name: `IMG_${index}.heic`, content: 'x' }))]),
    shows: /Only the first 100 of 150 files/,
  },
  {
    name: 'files-refused',
    snapshot: () => snapshot(live([llama()]), catalog),
    arrange: (engine) => {
      engine.answers.recommend = () => ({ ok: false, problem: problem('internal', 'Something went wrong.') });
    },
    act: dropped(image),
    shows: 'Something went wrong.',
  },
  { name: 'files-looking', snapshot: () => snapshot(live([llama()]), some()), arrange: (engine) => void (engine.answers.recommend = () => new Promise(() => undefined)), act: dropped(image), shows: 'Looking at the beginnings of the files' },
];
