import type { ReactNode } from 'react';

export function Chip({ children }: { children: ReactNode }) {
  return <span className="rounded-md bg-sunken px-1.5 py-px text-xs font-normal whitespace-nowrap text-muted">{children}</span>;
}
