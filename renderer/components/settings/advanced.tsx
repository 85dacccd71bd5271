import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import { text } from '../../text/text.ts';
import { advancedSections, countSettings } from '../../view/settings-layout.ts';
import { FullRows } from './setting-row.tsx';
import { SettingsSection } from './settings-section.tsx';

interface AdvancedProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Every other setting, with its key and its default. */
export function Advanced({ open, onOpenChange }: AdvancedProps) {
  const words = text.settings.advanced;
  return (
    <Collapsible.Root open={open} onOpenChange={onOpenChange}>
      <h3>
        <Collapsible.Trigger className="group flex min-h-12 w-full items-center gap-2 rounded-xl border border-line bg-surface px-4 text-left hover:bg-sunken sm:px-5">
          <ChevronRight className="size-4 shrink-0 text-muted transition-transform group-data-panel-open:rotate-90" aria-hidden="true" />
          <span className="font-semibold">{words.title}</span>
          <span className="text-sm text-muted">{words.count(countSettings(advancedSections))}</span>
        </Collapsible.Trigger>
      </h3>
      <Collapsible.Panel className="h-(--collapsible-panel-height) overflow-hidden transition-[height] duration-150 data-ending-style:h-0 data-starting-style:h-0">
        <FullRows value={true}>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-8 pt-8">
            {advancedSections.map((layout) => (
              <SettingsSection key={layout.id} layout={layout} />
            ))}
          </div>
        </FullRows>
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
