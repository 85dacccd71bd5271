import type { ReactNode } from 'react';

const looks = { plain: 'bg-sunken font-normal text-muted', strong: 'bg-accent-soft font-medium text-ink' } as const;

export function Chip({ look = 'plain', children }: { look?: keyof typeof looks; children: ReactNode }) {
  return <span className={`rounded-md px-1.5 py-px text-xs whitespace-nowrap ${looks[look]}`}>{children}</span>;
}
