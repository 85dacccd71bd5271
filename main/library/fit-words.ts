import { formatBytes, formatList, type DownloadCheck, type Plan } from '../../contract/index.ts';

export interface FitFacts {
  kind: DownloadCheck['kind'];
  name: string;
  bytes: number | null;
  needs: number | null;
  plan: Pick<Plan, 'fit' | 'unloads' | 'problem'> | null;
  diskFree: number | null;
  diskEnough: boolean | null;
  installed: boolean;
}

/** Whether something speaks against a download, and all that is known of it, in plain words. Pure. */
export function judge({ kind, name, bytes, needs, plan, diskFree, diskEnough, installed }: FitFacts): Pick<DownloadCheck, 'warns' | 'sentence'> {
  const parts: string[] = [];
  const size = bytes === null ? 'its size is not told' : installed ? `up to ${formatBytes(bytes)} to download, for it is here already` : `${formatBytes(bytes)} ${kind === 'import' ? 'on the disk' : 'to download'}`;
  parts.push(size);
  if (needs === null) parts.push('how much memory it needs cannot be told before');
  else parts.push(`needs about ${formatBytes(needs)}${plan === null ? '' : `: ${fitWords(plan)}`}`);
  const memory = plan?.fit.kind === 'too-big' || plan?.fit.kind === 'short';
  if (diskEnough === false && diskFree !== null) parts.push(`only ${formatBytes(diskFree)} are free on the disk`);
  return { warns: memory || diskEnough === false, sentence: `${name}: ${parts.join('; ')}.` };
}

function fitWords({ fit, unloads, problem }: NonNullable<FitFacts['plan']>): string {
  switch (fit.kind) {
    case 'loaded':
    case 'fits':
      return 'fits now';
    case 'waits':
      return 'fits after what is under way';
    case 'evicts':
      return `fits after unloading ${formatList(unloads.map((one) => one.name))}`;
    case 'short':
      return `does not fit now, ${formatBytes(fit.missing ?? 0)} more would have to be free`;
    case 'too-big':
      return `too big for this computer by ${formatBytes(fit.missing ?? 0)}`;
    default:
      return problem === null ? 'whether it fits cannot be told now' : `whether it fits cannot be told now (${problem.message.replace(/\.$/, '')})`;
  }
}
