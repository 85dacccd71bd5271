import { CSPProvider } from '@base-ui/react/csp-provider';
import { Select } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';

interface ChoiceProps<T extends string> {
  /** What is chosen, before the value: "Sort by". */
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  onChange: (value: T) => void;
  className?: string;
}

/** One of a few, in a list that opens. */
export function Choice<T extends string>({ label, value, options, onChange, className = '' }: ChoiceProps<T>) {
  const chosen = options.find((option) => option.value === value)?.label ?? '';
  return (
    // Its popup would bring a style element, which the page's policy forbids.
    <CSPProvider disableStyleElements>
      <Select.Root items={options} value={value} onValueChange={(next) => next !== null && onChange(next)} modal={false}>
        <Select.Trigger
          aria-label={`${label}: ${chosen}`}
          className={`flex h-9 min-w-0 items-center gap-1.5 rounded-lg border border-line-strong bg-surface pr-2 pl-3 text-sm hover:bg-sunken data-popup-open:bg-sunken ${className}`}
        >
          <span className="shrink-0 text-muted" aria-hidden="true">
            {label}
          </span>
          <Select.Value className="min-w-0 grow truncate text-left font-medium" />
          <Select.Icon className="shrink-0 text-muted">
            <ChevronDown className="size-4" aria-hidden="true" />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner sideOffset={6} align="end" alignItemWithTrigger={false} collisionPadding={12} className="z-20 outline-none">
            <Select.Popup className="max-h-(--available-height) max-w-[min(22rem,calc(100vw-24px))] min-w-(--anchor-width) overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-lg outline-none">
              <Select.List>
                {options.map((option) => (
                  <Select.Item
                    key={option.value}
                    value={option.value}
                    className="flex min-h-9 cursor-default items-center gap-2 rounded-lg py-1 pr-3 pl-2 text-sm outline-none data-highlighted:bg-sunken"
                  >
                    <span className="size-4 shrink-0 text-accent" aria-hidden="true">
                      <Select.ItemIndicator>
                        <Check className="size-4" />
                      </Select.ItemIndicator>
                    </span>
                    <Select.ItemText className="min-w-0 break-words">{option.label}</Select.ItemText>
                  </Select.Item>
                ))}
              </Select.List>
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </CSPProvider>
  );
}
