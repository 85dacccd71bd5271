import { Progress } from '@base-ui/react/progress';

interface ProgressBarProps {
  /** 0 to 1; null: under way, nobody knows how far. */
  value: number | null;
  label: string;
  colour?: string;
}

export function ProgressBar({ value, label, colour = 'var(--accent)' }: ProgressBarProps) {
  return (
    <Progress.Root value={value === null ? null : Math.round(value * 100)} aria-label={label}>
      <Progress.Track className="block h-1.5 overflow-hidden rounded-full bg-track">
        <Progress.Indicator
          className="block h-full rounded-full transition-[width] duration-500 data-indeterminate:w-1/3 data-indeterminate:animate-pulse"
          style={{ backgroundColor: colour }}
        />
      </Progress.Track>
    </Progress.Root>
  );
}
