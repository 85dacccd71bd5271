import type { ReactNode } from 'react';
import type { Bridge, UpdateState } from '../../../contract/index.ts';
import { useDashboard } from '../../store/dashboard.tsx';
import { language } from '../../text/language.ts';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { ProblemLine } from '../problem-text.tsx';
import { ProgressBar } from '../progress-bar.tsx';
import { Row } from './setting-row.tsx';
import { useDesktop, useDesktopCommand } from './use-desktop.ts';

type Action = 'checkForUpdates' | 'downloadUpdate' | 'installUpdate';
interface Step {
  readonly words: string;
  readonly action: Action | null;
  readonly label: string;
}

const percent = (part: number) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(part);

/** How far an update is, in words, and the one thing that can be done about it. */
function stepOf({ status, version, progress }: UpdateState): Step {
  const words = text.settings.version;
  const offered = version ?? words.unknown;
  const check = { action: 'checkForUpdates', label: words.check } as const;
  switch (status) {
    case 'off':
      return { words: words.ownUpdates, action: null, label: '' };
    case 'idle':
      return { words: words.idle, ...check };
    case 'checking':
      return { words: words.checking, action: null, label: '' };
    case 'current':
      return { words: words.current, ...check };
    case 'available':
      return { words: words.available(offered), action: 'downloadUpdate', label: words.download };
    case 'downloading':
      return { words: words.downloading(offered, percent(progress ?? 0)), action: null, label: '' };
    case 'ready':
      return { words: words.ready(offered), action: 'installUpdate', label: words.restart };
    case 'waiting':
      return { words: words.waiting(offered), action: null, label: '' };
    case 'failed':
      return { words: words.failed, ...check, label: text.settings.retry };
  }
}

function Updates({ bridge, updates }: { bridge: Bridge; updates: UpdateState }) {
  const words = text.settings.version;
  const step = stepOf(updates);
  const command = useDesktopCommand(async () => (step.action === null ? { ok: true as const, value: null } : bridge[step.action]({})));
  const problem = command.problem ?? updates.problem;
  return (
    <div className="grid w-full gap-2 rounded-lg bg-sunken p-3">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p role="status" className="text-sm">
          {step.words}
          {updates.status === 'waiting' && updates.waitsFor !== null && <span className="block text-muted">{words.waitsFor(updates.waitsFor)}</span>}
        </p>
        {step.action !== null && (
          <Button look={updates.status === 'available' || updates.status === 'ready' ? 'primary' : 'plain'} busy={command.busy} onClick={() => void command.run()}>
            {step.label}
          </Button>
        )}
      </div>
      {updates.status === 'downloading' && <ProgressBar label={words.progress} value={updates.progress} />}
      {problem !== null && (
        <p role="alert" className="text-sm text-bad">
          <ProblemLine problem={problem} />
        </p>
      )}
    </div>
  );
}

/** Which Airdock this is, and whether there is a newer one. */
export function VersionRow() {
  const version = useDashboard((state) => state.live?.version ?? '');
  const { bridge, state } = useDesktop();
  const words = text.settings.version;
  const children: ReactNode = bridge !== null && state !== null ? <Updates bridge={bridge} updates={state.updates} /> : null;
  return (
    <Row id="version" name={`${words.name} ${state?.version ?? version}`} meaning={words.licence} labels="group" layout="below">
      {children === null ? undefined : () => children}
    </Row>
  );
}
