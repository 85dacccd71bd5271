import { formatDuration, formatList } from '../format.ts';
import type { FootprintSource, LoadedModel } from '../../../contract/index.ts';
import { count, unusedFor } from './words.ts';

const known: Record<FootprintSource, string> = {
  measured: 'measured',
  estimated: 'estimated',
  reported: 'as reported',
  configured: 'as configured',
};

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
    limit: (from: 'cgroup' | 'config') => (from === 'cgroup' ? 'Outside the container’s limit' : 'Above the configured limit'),
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
    emptyHint: 'Load one below, or use an app: it shows up here by itself.',
    size: (ram: string, vram: string | null, source: FootprintSource) => `${vram === null ? ram : `${ram} RAM and ${vram} GPU memory`} ${known[source]}`,
    context: (tokens: number) => `${count(tokens)} tokens of context`,
    device: (device: LoadedModel['device']) => devices[device],
    by: (who: string) => `loaded by ${who}`,
    byAnother: 'loaded by another program',
    also: (names: readonly string[]) => `also ${formatList(names)}`,
    keep: 'Keep',
    keepNamed: (name: string) => `Keep ${name} in memory`,
    unload: 'Unload',
    unloadNamed: (name: string) => `Unload ${name}`,
    unloadAnyway: 'Unload anyway',
    cancel: 'Cancel',
    cancelNamed: (name: string) => `Cancel loading ${name}`,
    end: 'End its process',
    endNamed: (name: string) => `End its process: ${name}`,
    progress: (name: string) => `Loading ${name}`,
  },
  status: {
    reserved: 'Room is booked, waiting for others to leave',
    loading: 'Loading',
    loadingPercent: (fraction: number) => `Loading, ${Math.round(fraction * 100)} %`,
    secondsLeft: (ms: number) => `about ${formatDuration(Math.max(1_000, ms))} left`,
    longer: 'taking longer than usual',
    unloading: 'Unloading',
    stuck: (ms: number) => `Not letting go for ${formatDuration(ms)}; its memory stays booked`,
    inUse: 'In use',
    inUseBy: (names: readonly string[]) => `In use by ${formatList(names)}`,
    inUseByMany: (programs: number) => `In use by ${programs} programs`,
    unused: (ms: number) => unusedFor(ms),
    notSeen: (ms: number) => `not seen in use for ${formatDuration(ms)}`,
    unloadsIn: (countdown: string) => `unloads in ${countdown}`,
    unloadsInByItself: (countdown: string, who: string) => `${who} unloads it in ${countdown}`,
    unloadsNow: 'unloads now',
    kept: 'kept in memory',
    stays: 'stays in memory',
  },
  advice: { title: 'Suggestions', dismiss: 'Dismiss', dismissNamed: (what: string) => `Dismiss: ${what}` },
};
