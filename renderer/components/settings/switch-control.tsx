import { Switch } from '@base-ui/react/switch';
import type { RowIds } from './setting-row.tsx';

interface SwitchControlProps {
  ids: RowIds;
  on: boolean;
  /** It stays as it is, and says so. */
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function SwitchControl({ ids, on, disabled = false, onChange }: SwitchControlProps) {
  return (
    <Switch.Root
      id={ids.control}
      aria-labelledby={ids.label}
      aria-describedby={ids.described}
      checked={on}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative mt-0.5 flex h-6 w-11 shrink-0 cursor-pointer items-center rounded-full bg-line-strong p-0.5 transition-colors data-checked:bg-accent data-disabled:cursor-default data-disabled:opacity-50"
    >
      <Switch.Thumb className="size-5 rounded-full bg-surface shadow-sm transition-transform data-checked:translate-x-5" />
    </Switch.Root>
  );
}
