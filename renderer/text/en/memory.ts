import { formatDuration, formatList } from '../format.ts';
import type { FootprintSource, IdleSeconds, LoadedModel, Problem, ProviderView } from '../../../contract/index.ts';
import type { AddressFrom } from '../../view/absent-sources.ts';
import type { Advice, AdviceWords, HistorySummary, OverBudget, ProblemWords } from '../engine-words.ts';
import { count, unusedFor } from './words.ts';

const known: Record<FootprintSource, string> = {
  measured: 'measured',
  estimated: 'estimated',
  reported: 'as reported',
  configured: 'as configured',
};

/** Where a person's own clicks come from. */
const people: Readonly<Record<string, string>> = { dashboard: 'you', tray: 'you, in the tray', 'command line': 'you, on the command line' };

const devices: Record<LoadedModel['device'], string | null> = { cpu: 'CPU', gpu: 'GPU', split: 'GPU and CPU', unknown: null };

export const memory = {
  hero: {
    label: 'Memory of this computer',
    free: 'free for models',
    over: 'over budget',
    of: (total: string) => `of ${total} RAM`,
    ofShared: (total: string) => `of ${total} memory, shared by GPU and CPU`,
    waiting: 'Reading the memory…',
    bar: 'What the RAM is used for',
    showModel: 'Show it in the list',
    vram: (free: string, total: string) => `${free} free of ${total}`,
    vramBar: (device: string) => `What the memory of ${device} is used for`,
    pressure: 'The system is short of memory right now: programs wait for it.',
  },
  segments: {
    other: 'Other programs',
    reserve: 'Kept free',
    limit: (from: 'cgroup' | 'config'): string => (from === 'cgroup' ? 'Outside the container’s limit' : 'Above the configured limit'),
    free: 'Free for models',
    booked: 'booked',
    leaving: 'leaving',
  },
  counted: {
    title: 'How is this counted?',
    paragraphs: [
      'Free for models is what the system would still give to a program without swapping, plus what the models hold now, minus what is booked for each of them.',
      'A model is booked at what it was measured to take, or at an estimate until it has been loaded once. Room is booked before a load starts, so two loads can never be promised the same memory.',
      'Model files that are mapped into memory look free to most system monitors, although a model in use needs them. Here they count as used. That is why the figure can be lower than elsewhere.',
      'All that is left is offered to models: no share is held back unless you set one.',
    ],
  },
  loaded: {
    title: 'In memory',
    count: (now: number, limit: number) => `${now} (limit ${limit})`,
    unloadUnused: 'Unload unused',
    empty: (free: string | null) => (free === null ? 'No models in memory.' : `No models in memory. ${free} is free.`),
    emptyHint: 'Models are loaded here, or when one of your apps asks for them.',
    loadOne: 'Load one',
    known,
    vram: (size: string) => `${size} GPU memory`,
    context: (tokens: number) => `${count(tokens)} tokens of context`,
    device: (device: LoadedModel['device']) => devices[device],
    by: (who: string) => `loaded by ${people[who] ?? who}`,
    byAnother: 'loaded by another program',
    also: (names: readonly string[]) => `also ${formatList(names)}`,
    keep: 'Keep',
    keepNamed: (name: string) => `Keep ${name} in memory`,
    unload: 'Unload',
    unloadNamed: (name: string) => `Unload ${name}`,
    unloadAfter: 'Unload when done',
    unloadAfterNamed: (name: string) => `Unload when done: ${name}`,
    unloadHeld: 'It is answering. It can be unloaded as soon as that has ended.',
    unloadAnyway: 'Unload anyway',
    cancel: 'Cancel',
    cancelNamed: (name: string) => `Cancel loading ${name}`,
    end: 'End its process',
    endNamed: (name: string) => `End its process: ${name}`,
    cpuSinceWake: 'It runs on the CPU since the computer woke, and is slow. Unload it and load it again to bring it back to the GPU.',
    progress: (name: string) => `Loading ${name}`,
  },
  status: {
    reserved: 'Room is booked, waiting for others to leave',
    loading: 'Loading',
    /** All is read, and it is not ready yet. */
    loadingEnds: 'Loading, nearly done',
    loadingPercent: (fraction: number) => `Loading, ${Math.floor(fraction * 100)} %`,
    secondsLeft: (ms: number) => `about ${formatDuration(Math.max(1_000, ms))} left`,
    longer: 'taking longer than usual',
    unloading: 'Unloading',
    stuck: (ms: number) => `Not letting go for ${formatDuration(ms)}; its memory stays booked`,
    leavesAfter: 'Leaves memory when its answer has ended',
    inUse: 'In use',
    inUseBy: (names: readonly string[]) => `In use by ${formatList(names)}`,
    inUseByMany: (programs: number) => `In use by ${programs} programs`,
    unused: (ms: number) => unusedFor(ms),
    notSeen: (ms: number) => `not seen in use for ${formatDuration(ms)}`,
    unloadsIn: (countdown: string) => `unloads in ${countdown}`,
    unloadsInByItself: (countdown: string, who: string) => `${who} unloads it in ${countdown}`,
    unloadsNow: 'unloads now',
    kept: 'kept in memory',
    stays: 'stays while there is room',
  },
  idleTime: {
    title: 'Unload when unused for',
    named: (name: string, seconds: IdleSeconds | null) => `Unload ${name} when unused: ${seconds === null ? 'never, stays while there is room' : seconds === 'auto' ? 'when its room is needed' : `after ${formatDuration(seconds * 1_000)}`}`,
    short: (seconds: IdleSeconds | null) => (seconds === null ? 'never' : seconds === 'auto' ? 'auto' : formatDuration(seconds * 1_000)),
    choice: (seconds: IdleSeconds | null) => (seconds === null ? 'Keep while there is room' : seconds === 'auto' ? '5 min, if its room is needed' : formatDuration(seconds * 1_000)),
    standard: (seconds: IdleSeconds | null) => `Like all models (${seconds === null ? 'while there is room' : seconds === 'auto' ? 'when room is needed' : formatDuration(seconds * 1_000)})`,
  },
  history: {
    title: 'Last 15 minutes',
    models: 'Models',
    free: 'Free',
    axis: ['15 min ago', '10 min', '5 min', 'now'],
    marks: 'What happened in the last 15 minutes',
    mark: (events: number, what: string) => (events === 1 ? what : `${events} events: ${what}`),
    more: (count: number) => `and ${count} more`,
    empty: 'The picture begins now and grows to 15 minutes.',
    summary: ({ least, leastAt, from, to, events }: HistorySummary) =>
      `Models held ${from === to ? to : `between ${from} and ${to}`}. Least was free at ${leastAt}: ${least}. ${events === 0 ? 'Nothing was loaded or unloaded.' : `${count(events)} ${events === 1 ? 'event' : 'events'}.`}`,
  },
  /** Sentences of the engine, as they are. */
  problemWords: (problem: Problem): ProblemWords => ({ message: problem.message, hint: problem.hint ?? null, detail: null }),
  overBudget: (over: OverBudget, _reserve: number) => over.sentence,
  adviceText: (advice: Advice): AdviceWords => ({ text: advice.text, label: advice.action?.label ?? '' }),
  sourceAdvice: (advice: ProviderView['advice'][number]): string => advice.text,
  sourceNotices: {
    absent: (label: string, url: string, from: AddressFrom) => `${label} does not answer at ${url} (${{ settings: 'the address in the settings', variable: 'from the variable OLLAMA_HOST', standard: 'its usual address' }[from]}). Its models show up here as soon as it runs.`,
    absentRemedy: 'Change the address, or switch it off',
    down: (label: string, time: string) => `${label} stopped answering at ${time}.`,
    holds: (size: string) => `Its models may still hold ${size}.`,
    howToStart: 'How to start it',
    lost: (label: string, names: readonly string[]) => `${label} was restarted and lost ${formatList(names)}.`,
    loadAgain: (models: number) => (models === 1 ? 'Load it again' : `Load the ${models} models again`),
    leave: 'Not now',
  },
  advice: { title: 'Suggestions', dismiss: 'Dismiss', dismissNamed: (what: string) => `Dismiss: ${what}` },
};
