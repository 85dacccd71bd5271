import { formatBytes, formatCountdown, formatDuration, formatList } from './format.ts';
import type { LoadedModel } from './models.ts';
import type { LiveState, MemoryView, ProviderView, Snapshot } from './snapshot.ts';

/** The status as plain text for a terminal, without a newline at its end. Durations are as of the snapshot. */
export function formatStatus({ state, models }: Snapshot): string {
  const facts = [...memoryRows(state.memory), ['Limit', limitText(state)], ...modeRows(state)];
  const loaded = state.loaded.map((model) => ['', ...loadedCells(model, state.at)]);
  const sources = state.providers.map((provider) => ['', provider.label, sourceText(provider)]);
  return [
    `Airdock ${state.version}${state.owner ? '' : ' (only watching: another Airdock drives these models)'}`,
    '',
    ...textTable(facts),
    '',
    loaded.length > 0 ? 'In memory' : 'No model is in memory.',
    ...textTable(loaded, [2]),
    ...waitingLines(state, state.at),
    '',
    `Installed: ${countOf(models.length)}`,
    ...textTable(sources),
    ...state.folders.flatMap(({ used, problem }) => (used && problem ? [`  ${problem.message}`] : [])),
    ...(state.configProblem ? ['', state.configProblem.message] : []),
  ].join('\n');
}

function memoryRows(memory: MemoryView | null): string[][] {
  if (memory === null) return [['Memory', 'not measured yet']];
  const limit = memory.limit ? `, of which ${formatBytes(memory.limit.bytes)} may be used (${memory.limit.from === 'config' ? 'set in the settings' : 'limit of this container'})` : '';
  const reserve = memory.reserve > 0 ? `, ${formatBytes(memory.reserve)} kept free` : '';
  const rows = [
    ['RAM', `${formatBytes(memory.total)}${limit}`],
    ['Free for models', formatBytes(Math.max(0, memory.free))],
    ['Held by models', formatBytes(memory.models)],
    ['Other programs', `${formatBytes(memory.otherPrograms)}${reserve}`],
    ...memory.vram.map((device) => ['Graphics memory', `${formatBytes(device.free)} of ${formatBytes(device.total)} free (${device.name})`]),
  ];
  return memory.overBudget ? [...rows, ['Over budget', memory.overBudget.sentence]] : rows;
}

function limitText({ limit, loaded }: LiveState): string {
  return `${countOf(limit)} at a time, ${loaded.length} now`;
}

function modeRows({ at, freeze, pause, hold }: LiveState): string[][] {
  const until = (mode: { until: number | null }): string => (mode.until === null ? '' : ` for another ${formatDuration(mode.until - at)}`);
  return [
    ...(freeze ? [['Frozen', `nothing is loaded or unloaded${until(freeze)}`]] : []),
    ...(pause ? [['Kept', `everything in memory stays${until(pause)}`]] : []),
    ...(hold ? [['Held back', `no model is loaded by itself${until(hold)}`]] : []),
  ];
}

/** A model in memory as one row: name, size, what it does, how long it has been unused, and when it goes. */
export function loadedCells(model: LoadedModel, at: number): [name: string, size: string, state: string, unused: string, unloads: string] {
  return [model.name, formatBytes(model.ramUsed), stateText(model), unusedText(model), unloadsText(model, at)];
}

/** Who waits for which model, how long, and for what as far as that is known: oldest first, under a heading; nothing where nobody waits. */
export function waitingLines(state: LiveState, now: number, most = MOST_WAITING): string[] {
  const { requests, moreRequests } = state;
  const waiting = requests.filter((request) => request.state === 'waiting');
  if (waiting.length === 0) return [];
  const rows = waiting.slice(0, most).map(({ client, model, name, since }) => ['', client, `for ${name}`, shortDuration(now - since), waitReason(model, state)]);
  const more = waiting.length - rows.length + moreRequests;
  return ['', 'Waiting', ...textTable(rows, [3]), ...(more > 0 ? [`  and ${more} more`] : [])];
}

const MOST_WAITING = 20;

function waitReason(id: string, { loaded, providers }: LiveState): string {
  const model = loaded.find((one) => one.id === id);
  switch (model?.state) {
    case 'reserved':
      return 'room is being made';
    case 'loading':
      return 'it is being loaded';
    case 'ready':
      return model.inUse ? 'waits for its turn' : '';
    case undefined:
      return othersReason(id, loaded, providers);
    default:
      return '';
  }
}

/** Who has the room that a model waits for, where it has none yet: those who share a memory with it. */
function othersReason(id: string, loaded: readonly LoadedModel[], providers: readonly ProviderView[]): string {
  const own = providers.find((provider) => id.startsWith(`${provider.id}/`));
  const shares = (model: LoadedModel): boolean => own !== undefined && (model.provider === own.id || (own.memory === 'host' && providers.some((one) => one.id === model.provider && one.memory === 'host')));
  const others = loaded.filter(shares);
  const named = (which: (model: LoadedModel) => boolean): string[] => others.filter(which).map(({ name }) => name);
  const leaving = named(({ state }) => state === 'unloading' || state === 'stuck');
  if (leaving.length > 0) return `${formatList(leaving)} ${leaving.length === 1 ? 'has' : 'have'} to leave first`;
  const coming = named(({ state }) => state === 'loading' || state === 'reserved');
  if (coming.length > 0) return `${formatList(coming)} ${coming.length === 1 ? 'is' : 'are'} being loaded first`;
  const busy = named(({ inUse }) => inUse);
  return busy.length === 0 ? '' : `${formatList(busy)} ${busy.length === 1 ? 'is' : 'are'} in use`;
}

/** In whole seconds also where it has only begun. */
function shortDuration(ms: number): string {
  return formatDuration(ms < 1_000 ? 0 : ms);
}

function stateText(model: LoadedModel): string {
  switch (model.state) {
    case 'reserved':
      return 'waiting for room';
    case 'loading':
      // All of the file is read, but it does not answer yet: 100 % would say that it does.
      return model.progress === null ? 'loading' : model.progress >= 0.995 ? 'loading, nearly done' : `loading, ${Math.floor(model.progress * 100)} %`;
    case 'unloading':
      return 'unloading';
    case 'stuck':
      return 'not letting go';
    case 'ready':
      return model.inUse ? 'in use' : 'ready';
  }
}

function unusedText(model: LoadedModel): string {
  return model.state === 'ready' && !model.inUse ? (model.idleMs < 2_000 ? 'just used' : `unused for ${formatDuration(model.idleMs)}`) : '';
}

function unloadsText(model: LoadedModel, at: number): string {
  if (model.pinned) return 'kept in memory';
  if (model.state !== 'ready' || model.inUse) return '';
  if (model.unloadsAt === null) return model.autoIdle ? 'stays while there is room' : 'stays';
  return `unloads in ${formatCountdown(model.unloadsAt - at)}`;
}

const statusWords: Readonly<Record<ProviderView['status'], string>> = { up: 'running', starting: 'starting', down: 'not working', absent: 'not found', off: 'switched off' };

function sourceText(provider: ProviderView): string {
  const version = provider.version === null ? '' : ` ${provider.version}`;
  if (provider.status === 'up') return `${statusWords.up}${version}, ${countOf(provider.installed)}`;
  return provider.problem ? `${statusWords[provider.status]}: ${provider.problem.message}` : statusWords[provider.status];
}

function countOf(count: number): string {
  return count === 1 ? '1 model' : `${count} models`;
}

/** Rows in columns as wide as their widest cell; `right` names the columns that are aligned to the right. */
export function textTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
