import { type ReactNode, useId } from 'react';

interface SectionProps {
  title: string;
  /** Beside the title, quieter. */
  aside?: string | undefined;
  action?: ReactNode;
  children: ReactNode;
  id?: string;
}

/** A titled part of the page. The title can take the focus when what had it is gone. */
export function Section({ title, aside, action, children, id }: SectionProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} id={id} className="min-w-0 scroll-mt-4">
      <div className="mb-3 flex min-h-9 flex-wrap items-center justify-between gap-x-2 gap-y-2 px-1">
        <h2 id={heading} tabIndex={-1} data-section-title className="text-base font-semibold">
          {title}
          {aside !== undefined && <span className="ml-2 font-normal text-muted">{aside}</span>}
        </h2>
        {action}
      </div>
      {children}
    </section>
  );
}
