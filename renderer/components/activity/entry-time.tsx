import { clockAndDay, clockOf, fullTime } from '../../view/entry-times.ts';

/** When something happened, by the clock; the whole of it on hover. */
export function EntryTime({ at, withDay = false }: { at: number; withDay?: boolean }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className="shrink-0 whitespace-nowrap text-muted">
      {withDay ? clockAndDay(at) : clockOf(at)}
    </time>
  );
}
