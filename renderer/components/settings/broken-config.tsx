import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Command } from '../command.tsx';
import { Notice } from '../notice.tsx';
import { ProblemLine } from '../problem-text.tsx';
import { useDesktop, useDesktopCommand } from './use-desktop.ts';

/** Why nothing can be changed here for now, and the way to mend it. */
export function BrokenConfig() {
  const problem = useDashboard((state) => state.live?.configProblem ?? null);
  const path = useDashboard((state) => state.settings?.path ?? '');
  const { bridge } = useDesktop();
  const open = useDesktopCommand(async () => (bridge === null ? { ok: true as const, value: null } : bridge.openConfigFile({})));
  if (problem === null) return null;
  const words = text.settings.broken;
  return (
    <Notice
      look="bad"
      role="alert"
      actions={
        bridge === null ? undefined : (
          <Button busy={open.busy} onClick={() => void open.run()}>
            {words.open}
          </Button>
        )
      }
    >
      <p className="font-medium">{words.title}</p>
      {/* Names a place in a file, as it is written there: not to be translated. */}
      <p lang="en" className="mt-1">
        {problem.message}
      </p>
      <p className="mt-1 text-muted">{words.kept}</p>
      {open.problem !== null && (
        <p className="mt-1 text-bad">
          <ProblemLine problem={open.problem} />
        </p>
      )}
      {bridge === null && (
        <div className="mt-3">
          <Command command={path} />
        </div>
      )}
    </Notice>
  );
}
