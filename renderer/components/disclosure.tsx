import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

export function Disclosure({ title, children, open }: { title: string; children: ReactNode; open?: boolean }) {
  return (
    <Collapsible.Root defaultOpen={open ?? false}>
      <Collapsible.Trigger className="group -mx-1 flex min-h-8 items-center gap-1 rounded-md px-1 text-sm text-muted hover:text-ink">
        <ChevronRight className="size-4 transition-transform group-data-panel-open:rotate-90" aria-hidden="true" />
        {title}
      </Collapsible.Trigger>
      <Collapsible.Panel className="h-(--collapsible-panel-height) overflow-hidden transition-[height] duration-150 data-ending-style:h-0 data-starting-style:h-0">
        {children}
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
