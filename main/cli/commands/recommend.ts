import { formatList, modelTasks, textTable, type FileFacts, type ModelTask, type Outcome, type Recommendation, type Recommended } from '../../../contract/index.ts';
import { identify, type FileSample } from '../../recommend/files/identify.ts';
import { readHead } from '../../recommend/files/read-head.ts';
import { withUnreadable } from '../../recommend/unreadable.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { printJson, refuse } from '../report.ts';

const SHOWN_FILES = 4;

export async function run(context: Context): Promise<Exit> {
  const task = readTask(context);
  if (context.args.length === 0 && task === undefined) throw new UsageError('"airdock recommend" needs a FILE, or --task.');
  const manager = await context.airdock();
  const options = { ...(task === undefined ? {} : { task }), ...(context.has('online') ? { allowOnline: true } : {}) };

  // Only what the files are is passed on: their content stays in this process.
  const files = await Promise.all(context.args.map((file) => factsOf(file)));
  const ask = async (readable: readonly FileFacts[]): Promise<Outcome<Recommended>> => {
    const outcome = await manager.call('recommend', { ...options, files: readable.map(({ name, sizeBytes, mime }) => ({ mime, ...(name === null ? {} : { name }), ...(sizeBytes === null ? {} : { sizeBytes }) })) });
    if (!outcome.ok) return outcome;
    return { ok: true, value: { ...outcome.value, recommendations: outcome.value.recommendations.map((one, index) => ({ ...one, file: readable[index] ?? one.file })) } };
  };
  const outcome = files.length === 0 ? await manager.call('recommend', options) : await withUnreadable(files, ask);
  if (!outcome.ok) return refuse(context, outcome.problem);
  if (context.json) printJson(context, outcome.value);
  else context.terminal.print(recommendedText(outcome.value, context.args));
  return outcome.value.recommendations.some(({ model }) => model !== null) ? exits.done : exits.refused;
}

function readTask({ value }: Pick<Context, 'value'>): ModelTask | undefined {
  const typed = value('task');
  const task = modelTasks.find((one) => one === typed);
  if (typed !== undefined && task === undefined) throw new UsageError(`--task takes one of ${formatList(modelTasks)}, not ${typed}.`);
  return task;
}

async function factsOf(file: string): Promise<Outcome<FileFacts>> {
  const sample: Outcome<FileSample> = await readHead(file);
  return sample.ok ? { ok: true, value: await identify(sample.value) } : sample;
}

export function recommendedText(recommended: Recommended, files: readonly string[]): string {
  const [only] = recommended.recommendations;
  if (recommended.recommendations.length === 1 && only) return oneText(only, files[0] ?? null);
  const name = (index: number): string => files[index] ?? String(index);
  const groups = recommended.groups.map((group) => [group.name, group.loads ? 'to be loaded' : 'in memory', some(group.files.map(name))]);
  const reasons = recommended.groups.map((group) => [group.name, [recommended.recommendations[group.files[0] ?? 0]?.reason, group.reason].join(' ')]);
  const left = recommended.left.map((index) => [name(index), recommended.recommendations[index]?.reason ?? '']);
  return [
    recommended.sentence,
    ...section(textTable(groups)),
    ...section(textTable(reasons)),
    ...section(left.length === 0 ? [] : ['Without a model', ...textTable(left.map(([file = '', why = '']) => [`  ${file}`, why]))]),
    ...section(notesOf(recommended, name)),
  ].join('\n');
}

/** Each note once, with the files that it is about. */
function notesOf({ recommendations }: Recommended, name: (index: number) => string): string[] {
  const about = new Map<string, string[]>();
  recommendations.forEach(({ notes }, index) => notes.forEach((note) => about.set(note, [...(about.get(note) ?? []), name(index)])));
  return [...about].map(([note, files]) => `${some(files)}: ${note}`);
}

const section = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

function some(files: readonly string[]): string {
  const rest = files.length - SHOWN_FILES;
  return rest > 0 ? `${files.slice(0, SHOWN_FILES).join(', ')} and ${rest} more` : files.join(', ');
}

function oneText({ file, model, alternatives, reason, notes }: Recommendation, name: string | null): string {
  const about = file === null ? name : `${name ?? file.name ?? 'It'}: ${[file.language, file.mime].filter(Boolean).join(', ')}`;
  if (model === null) return [...(file === null || about === null ? [] : [about]), reason, ...section(notes)].join('\n');
  const rows: [string, string][] = [
    ['Use', model.name],
    ['Why', reason],
    ...(model.fit.kind === 'loaded' ? [] : [['Loading', model.plan] as [string, string]]),
    ...model.blockers.map((one): [string, string] => ['In the way', `${one.name}${one.due ? ', due to go' : ''}`]),
    ...(model.contextLength === null ? [] : [['Context', `${model.contextLength} tokens (airdock load ${model.name} --context ${model.contextLength})`] as [string, string]]),
    ...notes.map((note): [string, string] => ['Note', note]),
    ...alternatives.map((one, index): [string, string] => [index === 0 ? 'Or' : '', one.reason]),
  ];
  return [...(about === null ? [] : [about, '']), ...textTable(rows)].join('\n');
}
