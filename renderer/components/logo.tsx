/** Models stacked in a dock, one coming in. */
export function Logo() {
  return (
    <svg viewBox="0 0 24 24" className="size-7 shrink-0 text-accent" aria-hidden="true">
      <path d="M3 10v7.500A3.5 3.5 0 0 0 6.5 21h11a3.5 3.5 0 0 0 3.5-3.5V10" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <rect x="7" y="14" width="10" height="3.6" rx="1.1" fill="currentColor" />
      <rect x="7" y="9" width="10" height="3.6" rx="1.1" fill="currentColor" opacity=".65" />
      <rect x="7" y="3" width="10" height="3.6" rx="1.1" fill="currentColor" opacity=".35" />
    </svg>
  );
}
