import { formatBytes, formatDuration, formatList, formatStatus, textTable, type Activity, type Fit, type InstalledModel, type Plan } from '../../../contract/index.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { readContextSize } from '../numbers.ts';
import { hintOf, printJson, refuse } from '../report.ts';

export async function status(context: Context): Promise<Exit> {
  const snapshot = await (await context.airdock()).getStatus();
  if (context.json) printJson(context, snapshot.state);
  else context.terminal.print(formatStatus(snapshot));
  return exits.done;
}

export async function list(context: Context): Promise<Exit> {
  const { models } = await (await context.airdock()).getStatus();
  if (context.json) printJson(context, models);
  else context.terminal.print(models.length === 0 ? 'No models are installed yet. The dashboard ("airdock open") shows where to get some.' : modelTable(models).join('\n'));
  return exits.done;
}

export function modelTable(models: readonly InstalledModel[]): string[] {
  const names = new Map(models.map(({ id, name }) => [id, name]));
  const rows = models.map((model) => [
    model.name,
    formatBytes(model.footprint.ram + Object.values(model.footprint.vram).reduce((sum, bytes) => sum + bytes, 0)),
    formatBytes(model.sizeBytes),
    [model.parameterSize, model.quantization].filter(Boolean).join(' '),
    [model.problem ? model.problem.message : fitText(model.fit, names), model.pinned ? 'kept' : ''].filter(Boolean).join(', '),
  ]);
  return textTable([['NAME', 'NEEDS', 'ON DISK', 'KIND', 'NOW'], ...rows], [1, 2]);
}

/** Whether a model fits, in a few words. */
function fitText({ kind, missing = 0, unload = [], because }: Fit, names: ReadonlyMap<string, string>): string {
  switch (kind) {
    case 'loaded':
      return 'in memory';
    case 'fits':
      return 'fits';
    case 'evicts':
      return `fits after unloading ${formatList(unload.map((id) => names.get(id) ?? id))}`;
    case 'waits':
      return 'fits once what is under way has finished';
    case 'short':
      return missing > 0 ? `needs ${formatBytes(missing)} more` : 'does not fit now';
    case 'too-big':
      return 'too big for this computer';
    case 'online':
      return 'online, nothing to load';
    case 'served':
      return 'its server loads it by itself';
    case 'blocked':
      return because === 'frozen' ? 'frozen' : because === 'limit' ? 'the limit is reached' : 'cannot be loaded now';
  }
}

export async function plan(context: Context): Promise<Exit> {
  const manager = await context.airdock();
  const contextLength = readContextSize(context);
  const outcome = await manager.canLoadModel(context.args[0] ?? '', contextLength === undefined ? {} : { contextLength });
  if (!outcome.ok) return refuse(context, outcome.problem, outcome.plan);
  if (context.json) printJson(context, outcome.value);
  else context.terminal.print(planText(outcome.value));
  return exits.done;
}

const blockerWords: Record<Plan['blockers'][number]['why'], string> = {
  'in-use': 'is in use',
  pinned: 'is kept',
  loading: 'is being loaded',
  foreign: 'was loaded by another program',
  stuck: 'is not letting go',
  'provider-down': 'cannot be reached',
};

const sourceWords: Record<Plan['footprintSource'], string> = { estimated: 'an estimate', reported: 'as its server says', configured: 'as the settings say', measured: 'measured' };

export function planText(plan: Plan): string {
  const rows: [string, string][] = [
    ['Needs', `${formatBytes(plan.footprint.ram)} (${sourceWords[plan.footprintSource]})`],
    ...Object.entries(plan.footprint.vram).map(([device, bytes]): [string, string] => ['', `${formatBytes(bytes)} of graphics memory (${device})`]),
    ...(plan.freeRam === null ? [] : [['Free', formatBytes(Math.max(0, plan.freeRam))] as [string, string]]),
    ...plan.unloads.map(({ name, ram, idleMs }): [string, string] => ['Unloads', `${name}, ${formatBytes(ram)}, ${idleMs < 2_000 ? 'just used' : `unused for ${formatDuration(idleMs)}`}`]),
    ...plan.blockers.map(({ name, why }): [string, string] => ['In the way', `${name} ${blockerWords[why]}`]),
    ...plan.programs.map(({ name, bytes }): [string, string] => ['Other program', `${name}, ${formatBytes(bytes)}`]),
    ...plan.helps.map((help): [string, string] => ['Would help', helpText(help)]),
    ...(plan.mayTryOnce ? [['Or', `airdock load ${plan.name} --try-once`] as [string, string]] : []),
    ...(plan.expectedLoadMs === null || plan.fit.kind === 'loaded' ? [] : [['Takes about', formatDuration(Math.max(1000, plan.expectedLoadMs))] as [string, string]]),
  ];
  const hint = plan.unloads.length > 0 && plan.problem?.code === 'needs-room' ? 'Loading it asks first, or takes --force as a yes.' : plan.problem && hintOf(plan.problem);
  return [plan.sentence, ...(hint ? [hint] : []), '', ...textTable(rows)].join('\n');
}

function helpText(help: Plan['helps'][number]): string {
  switch (help.kind) {
    case 'context':
      return `a context of ${help.contextLength} tokens (--context ${help.contextLength}): needs ${formatBytes(help.ram)}`;
    case 'model':
      return `${help.name} instead: needs ${formatBytes(help.ram)}`;
    case 'program':
      return `closing ${help.name}: ${formatBytes(help.bytes)}`;
  }
}

export async function why(context: Context): Promise<Exit> {
  const outcome = await (await context.airdock()).call('why', { model: context.args[0] ?? '' });
  if (!outcome.ok) return refuse(context, outcome.problem);
  const { text, entries } = outcome.value;
  if (context.json) printJson(context, outcome.value);
  else context.terminal.print([text, ...(entries.length > 0 ? ['', ...textTable(entries.map((entry) => [`  ${moment(entry.at)}`, withAsker(entry)]))] : [])].join('\n'));
  return exits.done;
}

/** What happened, and on whose account, where the sentence does not name them itself. */
export function withAsker({ text, by }: Pick<Activity, 'text' | 'by'>): string {
  return by === null || text.includes(by) ? text : `${text} (${by})`;
}

/** A point in time as a table shows it, in this computer's time zone. */
function moment(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return `${date.slice(0, 10)} ${date.slice(11, 19)}`;
}
