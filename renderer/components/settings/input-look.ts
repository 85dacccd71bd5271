/** One look for every field that is typed in. */
export const inputLook = {
  box: 'flex h-9 items-center rounded-lg border border-line-strong bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent data-invalid:border-bad data-invalid:focus-within:outline-bad',
  input: 'h-full min-w-0 rounded-lg bg-transparent px-3 text-sm outline-none placeholder:text-muted',
  step: 'grid h-full w-9 shrink-0 cursor-pointer place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink data-disabled:cursor-default data-disabled:opacity-40',
} as const;

export const unitLook = 'text-sm text-muted';
