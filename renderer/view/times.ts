const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** "14:02" in the reader's own way of writing times. */
export function clockTime(at: number): string {
  return time.format(at);
}

/** "12 Nov" where that is not today, else nothing. */
export function dayUnlessToday(at: number, now: number): string | null {
  return new Date(at).toDateString() === new Date(now).toDateString() ? null : day.format(at);
}
