import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useRef } from 'react';
import { useRefocus } from './refocus.ts';
import type { RowIds } from './setting-row.tsx';

interface ChoiceControlProps {
  /** What it chooses: by this it finds the focus again. */
  name: string;
  ids: RowIds;
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  onChange: (value: string) => void;
}

/** A few choices side by side. */
export function ChoiceControl({ name, ids, value, options, onChange }: ChoiceControlProps) {
  const group = useRef<HTMLDivElement>(null);
  useRefocus(name, group);
  return (
    <RadioGroup
      ref={group}
      aria-labelledby={ids.label}
      aria-describedby={ids.described}
      value={value}
      onValueChange={(next) => onChange(String(next))}
      className="flex flex-wrap gap-1 rounded-lg bg-sunken p-1"
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className="flex min-h-7 cursor-pointer items-center rounded-md px-2.5 text-[13px] text-muted transition-colors hover:text-ink data-checked:bg-accent data-checked:font-medium data-checked:text-on-accent"
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
