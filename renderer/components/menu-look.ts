/** How the lines of every menu look. */
export const menuItem = 'flex min-h-9 cursor-default items-center gap-2 rounded-lg px-3 py-1.5 text-sm outline-none select-none data-highlighted:bg-sunken data-disabled:text-muted';
export const menuLabel = 'px-3 pt-1.5 pb-1 text-xs text-muted';
