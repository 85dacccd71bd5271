import type { LoadedModel } from '../../contract/index.ts';
import { loadedStatus } from '../view/loaded-status.ts';
import { useEngineNow } from '../view/use-now.ts';
import { CountdownRing } from './countdown-ring.tsx';

const tones = { calm: 'text-muted', active: 'text-accent', warn: 'text-bad font-medium' } as const;

/** On its own, because it is what changes every second. */
export function LoadedStatusLine({ model, provider, readAt }: { model: LoadedModel; provider: string; readAt: number }) {
  const status = loadedStatus(model, provider, readAt, useEngineNow());
  return (
    <p className={`mt-1.5 flex items-center gap-2 text-sm ${tones[status.tone]}`}>
      {status.left !== null && <CountdownRing left={status.left} />}
      {status.tone === 'active' && <span className="size-2 shrink-0 animate-pulse rounded-full bg-accent" aria-hidden="true" />}
      {status.words}
    </p>
  );
}
