import { ChevronDown } from 'lucide-react';

interface ChoiceProps<T extends string> {
  /** What is chosen, before the value: "Sort by". */
  label: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  onChange: (value: T) => void;
  className?: string;
}

/** One of a few, in the system's own list: it is known to every keyboard, finger and screen reader. */
export function Choice<T extends string>({ label, value, options, onChange, className = '' }: ChoiceProps<T>) {
  return (
    <label
      className={`relative flex h-9 min-w-0 items-center rounded-lg border border-line-strong bg-surface pl-3 text-sm outline-offset-2 hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent ${className}`}
    >
      <span className="shrink-0 text-muted">{label}</span>
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
        className="h-full min-w-0 grow cursor-pointer appearance-none truncate bg-transparent pr-8 pl-1.5 font-medium outline-none [field-sizing:content]"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-surface text-ink">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className="pointer-events-none absolute right-2 size-4 text-muted" aria-hidden="true" />
    </label>
  );
}
