import type { IdleSeconds, Problem } from '../../../contract/index.ts';
import { formatDuration, formatList } from '../format.ts';
import { models } from './words.ts';

export const shell = {
  app: {
    name: 'Airdock',
    title: (free: string) => `${free} free · Airdock`,
    titleOver: 'Over budget · Airdock',
    titleGone: 'No answer · Airdock',
  },
  pages: { memory: 'Memory', models: 'Models', activity: 'Activity', settings: 'Settings' },
  navigation: 'Pages',
  freeMemory: {
    button: 'Free memory',
    title: 'Free the memory of models?',
    explain: (names: readonly string[], size: string) =>
      `${names.length === 0 ? 'No model is unused right now, so nothing is unloaded.' : `Unloads ${formatList(names)} (${size}).`} For an hour no program can load models through Airdock; programs that talk to Ollama directly still can, and so can you.`,
    confirm: 'Free memory',
  },
  modes: {
    button: 'Freeze',
    freeze: { title: 'Freeze', explain: 'Airdock loads and unloads nothing, except what you unload yourself. Programs that talk to Ollama directly still can.', end: 'End it' },
    pause: { title: 'Keep everything loaded', explain: 'Unused models stay, unless another needs their room.', end: 'End it' },
    hour: 'For 1 hour',
    open: 'Until I end it',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    open: 'Keyboard shortcuts',
    close: 'Close',
    then: 'then',
    or: 'or',
    what: {
      memory: 'Memory',
      models: 'Models',
      activity: 'Activity',
      settings: 'Settings',
      search: 'Search models',
      unload: 'Unload the model in focus',
      keep: 'Keep the model in focus, or stop keeping it',
      help: 'This list',
    },
    off: 'Use single-key shortcuts',
  },
  version: (version: string) => `Airdock ${version}`,
  pageMissing: {
    title: 'This page could not be fetched.',
    hint: 'Airdock has ended, or was replaced by another version meanwhile.',
    reload: 'Load the dashboard anew',
  },
  connection: {
    connecting: 'Connecting',
    live: 'Live',
    gone: 'No answer',
    connectingLong: 'Connecting to Airdock…',
    goneSince: (time: string) => `Airdock stopped answering; figures are from ${time}.`,
    goneNever: 'Airdock does not answer.',
    goneHint: 'Nothing can be loaded or unloaded from here until it answers. This page keeps trying.',
    retry: 'Try now',
  },
  signIn: {
    title: 'This page is not signed in',
    why: 'Only someone who can use Airdock’s computer may control it. A page that was open before Airdock was restarted has to be signed in again.',
    steps: ['With the Airdock app: click its icon in the tray, then “Open Airdock”.', 'In a terminal on that computer:'],
    command: 'airdock open',
    after: 'Either opens the dashboard signed in. Where Airdock runs from its source folder, npm start does the same.',
    retry: 'I have signed in: try again',
  },
  banners: {
    watching: 'Watching only: another Airdock drives the models of this computer. Load and unload over there.',
    configProblem: 'The config file cannot be used as it is.',
    freeze: (left: string | null) => `Frozen${left === null ? '' : ` for ${left} more`}: Airdock loads and unloads nothing. Programs that talk to Ollama directly still can.`,
    pause: (left: string | null) => `Everything stays loaded${left === null ? '' : ` for ${left} more`}, also when unused.`,
    hold: (left: string | null) => `Memory was freed: no program can load models through Airdock${left === null ? '' : ` for ${left} more`}. Programs that talk to Ollama directly still can.`,
    end: { freeze: 'End freeze', pause: 'End this', hold: 'End this' },
    endNamed: { freeze: 'End freeze', pause: 'End this: everything stays loaded', hold: 'End this: programs cannot load models' },
  },
  common: { copy: 'Copy', copied: 'Copied', copyNamed: (what: string) => `Copy “${what}”`, dismiss: 'Dismiss' },
  announce: {
    loaded: (name: string) => `${name} is in memory.`,
    unloaded: (name: string) => `${name} was unloaded.`,
    unloadedNone: 'Nothing was unused for long enough to be unloaded.',
    freed: 'Memory was freed.',
    idleTime: (name: string, seconds: IdleSeconds | null | undefined) =>
      seconds === undefined ? `${name} is unloaded like all models.` : seconds === null ? `${name} stays while there is room.` : seconds === 'auto' ? `${name} is unloaded when its room is needed.` : `${name} is unloaded when unused for ${formatDuration(seconds * 1_000)}.`,
    unloadedSome: (count: number, size: string) => `${models(count)} unloaded, ${size} freed.`,
  },
  problems: {
    unreachable: { code: 'not-running', message: 'Airdock does not answer.', hint: 'Is it still running? This page finds it again by itself.' },
    signedOut: { code: 'unauthorized', message: 'This page is not signed in.', hint: 'Open the dashboard from the tray, or with “airdock open” in a terminal.' },
    badAnswer: (status: number): Problem => ({ code: 'internal', message: `Airdock gave an answer that makes no sense here (status ${status}).` }),
  } satisfies Record<string, Problem | ((status: number) => Problem)>,
};
