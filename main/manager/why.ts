import { formatDuration, formatList, type Activity, type LoadedModel } from '../../contract/index.ts';

/** Why a model is, or is not, in memory, in one or two sentences. `waiting`: who waits for it. Pure. */
export function whyText(name: string, current: LoadedModel | undefined, entries: readonly Activity[], now: number, waiting: readonly string[] = []): string {
  const [newest] = entries;
  // What an unload was refused for is not how it came, nor is how large it is, or that it is still there.
  const last = entries.find((entry) => !isRefusedUnload(entry) && entry.parts?.what !== 'estimate' && entry.parts?.what !== 'stayed');
  if (current?.state === 'loading' || current?.state === 'reserved') return `${name} is being loaded${current.loadedBy ? `, asked for by ${current.loadedBy}` : ''}.`;
  if (current?.state === 'unloading') return `${name} is leaving memory.`;
  if (current?.state === 'stuck') return `${name} was asked to leave memory and is not letting go.`;
  if (current) {
    const stays = current.pinned ? ' It is kept.' : current.inUse ? ' It is in use.' : '';
    const since = last?.kind === 'loaded' || last?.kind === 'appeared' ? ` ${last.text}` : '';
    const refused = newest && isRefusedUnload(newest) ? ` ${ago(now - newest.at)}: ${newest.text}` : '';
    return `${name} is in memory.${stays}${since}${refused}`;
  }
  if (waiting.length > 0) return `${name} is not in memory: ${formatList(waiting)} ${waiting.length === 1 ? 'waits' : 'wait'} for room that is in use at present.`;
  if (!last) return `${name} is not in memory: nobody has asked for it.`;
  return `${name} is not in memory. ${ago(now - last.at)}: ${last.text}`;
}

/** At the beginning of a sentence. */
function ago(ms: number): string {
  return ms < 1_000 ? 'Just now' : `${formatDuration(ms)} ago`;
}

function isRefusedUnload({ kind, parts }: Activity): boolean {
  return kind === 'refused' && parts?.what === 'unload';
}
