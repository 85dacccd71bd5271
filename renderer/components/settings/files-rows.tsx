import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Command } from '../command.tsx';
import { ProblemLine } from '../problem-text.tsx';
import { Row } from './setting-row.tsx';
import { useDesktop, useDesktopCommand } from './use-desktop.ts';

/** The config file: opened by the desktop app; in a browser its path can be copied. */
export function ConfigFileRow() {
  const path = useDashboard((state) => state.settings?.path ?? '');
  const { bridge } = useDesktop();
  const words = text.settings.files;
  const open = useDesktopCommand(async () => (bridge === null ? { ok: true as const, value: null } : bridge.openConfigFile({})));
  return (
    <Row id="configFile" name={words.config} meaning={words.configMeaning} fault={open.problem && <ProblemLine problem={open.problem} />} labels="group" layout="below">
      {() => (
        <div className="flex w-full flex-wrap items-start gap-2">
          <div className="min-w-0 flex-[1_1_16rem]">
            <Command command={path} />
          </div>
          {bridge !== null && (
            <Button busy={open.busy} onClick={() => void open.run()}>
              {words.open}
            </Button>
          )}
        </div>
      )}
    </Row>
  );
}

/** Of the desktop app alone: without it, what is noted goes to the terminal. */
export function LogFolderRow() {
  const { bridge, state } = useDesktop();
  const words = text.settings.files;
  const open = useDesktopCommand(async () => (bridge === null ? { ok: true as const, value: null } : bridge.openLogFolder({})));
  if (bridge === null) return null;
  return (
    <Row id="logFolder" name={words.logs} meaning={words.logsMeaning} fault={open.problem && <ProblemLine problem={open.problem} />} labels="group" layout="below">
      {() => (
        <div className="flex w-full flex-wrap items-start gap-2">
          <div className="min-w-0 flex-[1_1_16rem]">
            <Command command={state?.logFolder ?? ''} />
          </div>
          <Button busy={open.busy} onClick={() => void open.run()}>
            {words.openFolder}
          </Button>
        </div>
      )}
    </Row>
  );
}
