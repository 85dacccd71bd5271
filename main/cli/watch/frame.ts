import { formatBytes, formatDuration, loadedCells, operations, textTable, waitingLines, type Activity, type LiveState, type MemoryView } from '../../../contract/index.ts';
import { gauge, progressBar, type Part } from '../gauge.ts';
import { loadShare } from '../progress.ts';

export interface FrameOptions {
  columns: number;
  rows: number;
  colour: boolean;
  blocks: boolean;
  now: number;
}

const MAX_BAR = 60;
const LOAD_BAR = 12;
const MOST_WAITING = 5;
/** Who waits for less is hardly there; a line for each would only be noise. */
const LONG_WAIT_MS = 2_000;
const style = { bold: 1, dim: 2, green: 32, yellow: 33, cyan: 36, grey: 90 } as const;

/** The live picture as lines that fit the terminal: how full the memory is, each model with its countdown, and what happened last. Pure. */
export function frame(state: LiveState, activity: readonly Activity[], options: FrameOptions): string[] {
  const { columns, rows, now } = options;
  const paint = (text: string, ...codes: (keyof typeof style)[]): string => (options.colour && text !== '' ? `\x1b[${codes.map((code) => style[code]).join(';')}m${text}\x1b[0m` : text);
  const cut = (text: string): string => (text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text);
  const models = modelRows(state, options);
  const requests = state.requests.length + state.moreRequests;
  const lines = [
    paint(cut(headline(state)), 'bold'),
    '',
    ...(state.memory ? memoryLines(state.memory, options, paint, cut) : ['The memory is not measured yet.']),
    '',
    ...(models.length === 0 ? ['No model is in memory.'] : models.map(cut)),
    ...(requests > 0 ? ['', cut(requestText(state))] : []),
    ...waitingLines(state, now, MOST_WAITING).slice(2).map(cut),
    ...modeLines(state, now).map((line) => paint(cut(line), 'yellow')),
    ...state.advice.flatMap((advice) => [advice.text, ...commandFor(advice)]).map((line) => paint(cut(line), 'cyan')),
  ];
  const room = rows - lines.length - 2;
  const recent = [...activity].sort((a, b) => b.id - a.id).slice(0, Math.max(0, room));
  if (recent.length > 0) lines.push('', ...recent.map((entry) => paint(cut(`${clock(entry.at)}  ${entry.text}`), 'dim')));
  return lines.slice(0, Math.max(1, rows - 1));
}

/** Free memory and models, in a few words: also the line that a pipe gets. */
export function headline({ memory, loaded, limit }: LiveState): string {
  const free = memory === null ? 'not measured yet' : memory.overBudget ? `${formatBytes(-memory.free)} over budget` : `${formatBytes(memory.free)} free`;
  return `${free} · ${loaded.length} of ${limit} ${limit === 1 ? 'model' : 'models'}`;
}

/** A line that says all of what is in memory, for a pipe. */
export function summary(state: LiveState): string {
  const models = state.loaded.map((model) => {
    const [name, size, what] = loadedCells(model, state.at);
    return `${name} (${size}, ${what})`;
  });
  const waiting = longWaits(state).map(({ client, name }) => `${client} waits for ${name}`);
  return [headline(state), ...models, ...waiting, ...modeLines(state, state.at)].join(' · ');
}

/** What a summary is about, without figures that change all the time: a new line is due when this is new. */
export function summaryKey(state: LiveState): string {
  const { loaded, freeze, pause, hold, memory } = state;
  return JSON.stringify([longWaits(state).map(({ id }) => id), loaded.map(({ id, state, inUse }) => [id, state, inUse]), freeze !== null, pause !== null, hold !== null, memory?.overBudget != null]);
}

function longWaits({ requests, at }: LiveState): LiveState['requests'] {
  return requests.filter(({ state, since }) => state === 'waiting' && at - since >= LONG_WAIT_MS);
}

export function clock(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(11, 19);
}

function memoryLines(memory: MemoryView, { columns, blocks }: FrameOptions, paint: (text: string, ...codes: (keyof typeof style)[]) => string, cut: (text: string) => string): string[] {
  const free = Math.max(0, memory.free);
  const others = Math.max(0, memory.total - memory.models - free - memory.reserve);
  const parts: Part[] = [
    { share: others, block: '▓', letter: '=' },
    { share: memory.models, block: '█', letter: '#' },
    { share: free, block: '░', letter: '.' },
    { share: memory.reserve, block: '▒', letter: '-' },
  ];
  const width = Math.max(4, Math.min(MAX_BAR, columns - 2));
  const [other = '', models = '', room = '', kept = ''] = gauge(parts, width, blocks);
  const legend = [`${parts[1]?.[blocks ? 'block' : 'letter']} models ${formatBytes(memory.models)}`, `${parts[0]?.[blocks ? 'block' : 'letter']} other programs ${formatBytes(memory.otherPrograms)}`, `${parts[2]?.[blocks ? 'block' : 'letter']} free ${formatBytes(free)}`];
  if (memory.reserve > 0) legend.push(`${parts[3]?.[blocks ? 'block' : 'letter']} kept free ${formatBytes(memory.reserve)}`);
  return [
    `[${paint(other, 'grey')}${paint(models, memory.overBudget ? 'yellow' : 'green')}${paint(room, 'dim')}${paint(kept, 'dim')}]`,
    cut(legend.join('   ')),
    ...memory.vram.map((device) => cut(`${device.name}: ${formatBytes(device.free)} of ${formatBytes(device.total)} free`)),
    ...(memory.overBudget ? [paint(cut(memory.overBudget.sentence), 'yellow')] : []),
  ];
}

function modelRows({ loaded, at }: LiveState, { now, blocks }: FrameOptions): string[] {
  // Between two states time goes on.
  const since = Math.max(0, now - at);
  const rows = loaded.map((model) => {
    const [name, size, what, unused, unloads] = loadedCells({ ...model, idleMs: model.idleMs + since }, now);
    const share = model.state === 'loading' ? loadShare(model, now) : null;
    return [name, size, what, share === null ? unused : progressBar(share, LOAD_BAR, blocks), unloads];
  });
  return textTable(rows, [1]);
}

function requestText({ requests, moreRequests }: LiveState): string {
  const waiting = requests.filter(({ state }) => state === 'waiting').length;
  const more = moreRequests > 0 ? `, and ${moreRequests} more` : '';
  return `Requests: ${requests.length - waiting} being answered, ${waiting} waiting${more}`;
}

/** What does in a terminal what the button does in the dashboard. */
function commandFor({ action }: LiveState['advice'][number]): string[] {
  const given = action?.operation === 'configSet' ? operations.configSet.input.safeParse(action.input) : null;
  return given?.success ? Object.entries(given.data.set).map(([key, value]) => `  airdock config set ${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`) : [];
}

function modeLines({ freeze, pause, hold }: LiveState, now: number): string[] {
  const rest = (mode: { until: number | null }): string => (mode.until === null ? '' : ` for another ${formatDuration(mode.until - now)}`);
  return [
    ...(freeze ? [`Frozen: nothing is loaded or unloaded${rest(freeze)}`] : []),
    ...(pause ? [`Everything in memory stays${rest(pause)}`] : []),
    ...(hold ? [`Programs load nothing${rest(hold)}`] : []),
  ];
}
