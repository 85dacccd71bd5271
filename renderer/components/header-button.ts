/** How the header's buttons look. */
export const headerButton =
  'inline-flex h-9 min-w-9 items-center justify-center gap-1.5 rounded-lg border border-line bg-surface px-2 text-sm font-medium whitespace-nowrap transition-colors hover:bg-sunken data-popup-open:bg-sunken md:px-3';
export const headerPopup = 'rounded-xl border border-line bg-surface shadow-lg outline-none';
