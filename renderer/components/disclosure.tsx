import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';

/** More for whoever wants it. By hand, because it is on the first page: a library's would be fetched before the first figure. */
export function Disclosure({ title, children, open = false }: { title: string; children: ReactNode; open?: boolean }) {
  const [shown, setShown] = useState(open);
  const panel = useId();
  return (
    <div>
      <button
        type="button"
        aria-expanded={shown}
        aria-controls={shown ? panel : undefined}
        className="-mx-1 flex min-h-8 items-center gap-1 rounded-md px-1 text-sm text-muted hover:text-ink"
        onClick={() => setShown(!shown)}
      >
        <ChevronRight className={`size-4 transition-transform ${shown ? 'rotate-90' : ''}`} aria-hidden="true" />
        {title}
      </button>
      {shown && <div id={panel}>{children}</div>}
    </div>
  );
}
