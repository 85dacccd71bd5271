import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const looks = {
  bad: { box: 'bg-bad-soft', icon: 'text-bad', Icon: CircleAlert },
  warn: { box: 'bg-warn-soft', icon: 'text-warn', Icon: TriangleAlert },
  info: { box: 'bg-accent-soft', icon: 'text-accent', Icon: Info },
} as const;

interface NoticeProps {
  look: keyof typeof looks;
  children: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  role?: 'alert' | 'status';
}

export function Notice({ look, children, actions, role }: NoticeProps) {
  const { box, icon, Icon } = looks[look];
  return (
    <div role={role} className={`flex flex-wrap items-start gap-x-4 gap-y-3 rounded-xl p-4 ${box}`}>
      {/* Beside buttons, the first line stands at the height of theirs. */}
      <div className={`flex min-w-0 flex-[1_1_16rem] gap-3 ${actions === undefined ? '' : 'sm:py-1.5'}`}>
        <Icon className={`mt-0.5 size-5 shrink-0 ${icon}`} aria-hidden="true" />
        <div className="min-w-0 wrap-anywhere">{children}</div>
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
