import type { ComponentProps } from 'react';
import { Spinner } from './spinner.tsx';

const looks = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover',
  soft: 'border-transparent bg-accent-soft text-accent hover:bg-accent hover:text-on-accent',
  plain: 'bg-surface text-ink border-line hover:bg-sunken',
  quiet: 'border-transparent text-muted hover:text-ink hover:bg-sunken',
  danger: 'bg-surface text-bad border-line hover:bg-bad-soft',
} as const;

const idle = 'border-line border-dashed bg-transparent text-muted cursor-default';

export interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof looks;
  /** The engine has not answered yet. The button keeps its place and its focus, but does nothing. */
  busy?: boolean;
  /** Why it cannot be pressed now. It stays in its place and can be reached, so that the reason can be read. */
  cannot?: string | undefined;
}

export function Button({ look = 'plain', busy = false, cannot, className = '', onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || cannot !== undefined || undefined}
      aria-description={cannot}
      title={cannot ?? rest.title}
      onClick={(event) => {
        if (busy || cannot !== undefined) event.preventDefault();
        else onClick?.(event);
      }}
      className={`relative inline-flex min-h-9 shrink-0 items-center justify-center gap-1.5 rounded-lg border px-3 text-sm font-medium whitespace-nowrap transition-colors ${cannot === undefined ? looks[look] : idle} ${className}`}
    >
      {/* The words keep their width, so that nothing beside the button moves. */}
      <span className={`inline-flex items-center gap-1.5 ${busy ? 'opacity-0' : ''}`}>{children}</span>
      {busy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  );
}
