import { Search } from 'lucide-react';

interface SearchFieldProps {
  label: string;
  /** What to type, in few words. */
  hint: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

export function SearchField({ label, hint, value, onChange, className = '' }: SearchFieldProps) {
  return (
    <label className={`relative block min-w-0 ${className}`}>
      <span className="sr-only">{label}</span>
      <Search className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" aria-hidden="true" />
      <input
        type="search"
        value={value}
        placeholder={hint}
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full rounded-lg border border-line-strong bg-surface pr-2 pl-9 text-sm placeholder:text-muted"
      />
    </label>
  );
}
