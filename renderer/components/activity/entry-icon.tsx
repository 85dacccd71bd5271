import { ArrowDownToLine, ArrowUpFromLine, Ban, CircleX, Info, MemoryStick, Server, SlidersHorizontal, Zap } from 'lucide-react';
import type { ActivityKind } from '../../../contract/index.ts';
import { text } from '../../text/text.ts';

const looks: Record<ActivityKind, { Icon: typeof Info; paint: string }> = {
  loaded: { Icon: ArrowDownToLine, paint: 'text-good' },
  appeared: { Icon: ArrowDownToLine, paint: 'text-muted' },
  unloaded: { Icon: ArrowUpFromLine, paint: 'text-accent' },
  disappeared: { Icon: ArrowUpFromLine, paint: 'text-muted' },
  refused: { Icon: Ban, paint: 'text-warn' },
  failed: { Icon: CircleX, paint: 'text-bad' },
  crashed: { Icon: Zap, paint: 'text-bad' },
  memory: { Icon: MemoryStick, paint: 'text-warn' },
  provider: { Icon: Server, paint: 'text-muted' },
  setting: { Icon: SlidersHorizontal, paint: 'text-muted' },
  notice: { Icon: Info, paint: 'text-muted' },
};

/** What kind of entry it is, at a glance. The sentence beside it says it in words. */
export function EntryIcon({ kind }: { kind: ActivityKind }) {
  const { Icon, paint } = looks[kind];
  return (
    <span title={text.activity.kinds[kind]} className={`grid size-7 shrink-0 place-items-center rounded-full bg-sunken ${paint}`}>
      <Icon className="size-4" aria-hidden="true" />
    </span>
  );
}
