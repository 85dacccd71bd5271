import type { Download, DownloadCheck } from '../../../contract/index.ts';
import { formatBytes, formatDuration, formatList } from '../format.ts';
import { count } from './words.ts';

type Fit = NonNullable<DownloadCheck['fit']>;

function fitWords(fit: Fit, unloads: readonly string[]): string {
  switch (fit.kind) {
    case 'loaded':
    case 'fits':
      return 'fits now';
    case 'waits':
      return 'fits after what is under way';
    case 'evicts':
      return `fits after unloading ${formatList(unloads)}`;
    case 'short':
      return `does not fit now, ${formatBytes(fit.missing ?? 0)} more would have to be free`;
    case 'too-big':
      return `too big for this computer by ${formatBytes(fit.missing ?? 0)}`;
    default:
      return 'whether it fits cannot be told now';
  }
}

/** How models come to this computer, and leave it. Fetched with the parts of the page that need it. */
export const library = {
  title: 'Get a model',
  label: 'Name of a model, address of a GGUF file, or a file on this computer',
  placeholder: 'llama3.2 or https://…/model.gguf',
  hint: 'A name comes through Ollama. Before anything is downloaded, you see whether it fits.',
  noPath: 'A browser does not tell where a file lies: type its path here, or name its folder under “Where models come from”.',
  check: 'Look it up',
  checking: 'Looking it up …',
  size: (bytes: number | null, installed: boolean) => (bytes === null ? 'Its size is not told' : installed ? `Up to ${formatBytes(bytes)} to download: it is here already` : `${formatBytes(bytes)} to download`),
  needs: (bytes: number | null) => (bytes === null ? 'How much memory it needs cannot be told before' : `needs about ${formatBytes(bytes)} of memory`),
  fit: fitWords,
  disk: (free: number) => `Only ${formatBytes(free)} are free on the disk.`,
  /** The same while it is under way. */
  coming: (needs: number, fit: Fit | null, unloads: readonly string[]) => `Needs about ${formatBytes(needs)} of memory${fit === null ? '' : `: ${fitWords(fit, unloads)}`}.`,
  download: 'Download',
  downloadAnyway: 'Download anyway',
  /** A button's full name: what it shows, and what it is about. */
  named: (action: string, name: string) => `${action}: ${name}`,
  putAside: 'Not now',
  here: (bytes: number) => `${formatBytes(bytes)} on the disk`,
  dropped: 'A model itself.',
  droppedInBrowser: 'A model itself. A browser does not tell where a file lies: type or paste its path under “Get a model” on the Models page, or drop it on the desktop app.',
  fromHere: (path: string) => `Take ${path} into Airdock’s own folder?`,
  copy: 'Copy it',
  link: 'Link it',
  linkHint: 'A link takes no space, and works on the same disk only.',
  list: 'Downloads',
  state: {
    queued: 'Waits for the one before',
    running: 'Downloading',
    checking: 'All is here, being checked',
    done: 'Here',
    stopped: 'Stopped, what has come is kept',
    failed: 'Failed',
  } satisfies Record<Download['state'], string>,
  copying: 'Copying',
  amount: (done: number, total: number | null) => (total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`),
  speed: (bytesPerSecond: number) => `${formatBytes(bytesPerSecond)}/s`,
  left: (ms: number) => `${formatDuration(ms)} left`,
  parts: (done: number, total: number) => `part ${Math.min(done + 1, total)} of ${total}`,
  bar: (name: string) => `Downloading ${name}`,
  checksum: (sha256: string) => `SHA-256 ${sha256}`,
  checksums: 'Checksum',
  cancel: 'Stop',
  goOn: 'Go on',
  again: 'Try again',
  discard: 'Throw away',
  dismiss: 'Done',
  disks: {
    title: 'On the disk',
    place: (bytes: number, free: number | null) => `${formatBytes(bytes)} of models${free === null ? '' : `, ${formatBytes(free)} free`}`,
    untold: (provider: string) => `At ${provider}; in which folder is not known`,
    unused: (bytes: number) => `Not used for 30 days: ${formatBytes(bytes)}`,
    all: (models: number) => (models === 1 ? 'The one model' : `All ${count(models)} models, the largest first`),
    used: (when: string) => `used ${when}`,
    never: 'no use seen yet',
    more: (models: number) => `And ${count(models)} more: “airdock du” in a terminal lists them all.`,
  },
  details: {
    title: 'What its file tells',
    architecture: 'Architecture',
    perToken: 'Each 1,000 tokens of context',
    contexts: 'Memory by context',
    context: (tokens: number) => `${count(tokens)} tokens`,
    about: (bytes: number) => `about ${formatBytes(bytes)}`,
    file: 'File',
    files: (files: number) => `${files} files`,
    projector: 'Beside it, for images (not used by Airdock)',
    update: 'Look for a newer one',
    update_: { current: 'This is the newest.', newer: 'There is a newer one.', unknown: 'Only Ollama knows where it comes from: downloading it again fetches what has changed, and nothing else.', gone: 'Where Ollama gets its models there is none of this name (any more): it may have been made on this computer.' },
    fetch: 'Download what has changed',
    delete: 'Delete from disk',
    kept: 'It lies in a folder of yours: Airdock does not delete it.',
    keptSample: 'A sample that Airdock made: samples are not deleted one by one.',
    folder: 'Lies in',
    lastUsed: 'Last used',
    neverUsed: 'No use seen yet',
    question: (name: string, size: string, inMemory: boolean) => `Delete ${name} and its ${size} from the disk?${inMemory ? ' It is unloaded first.' : ''}`,
    yes: 'Delete',
    no: 'Keep it',
    anyway: 'Delete all the same',
    deleted: (name: string) => `${name} was deleted.`,
  },
};
