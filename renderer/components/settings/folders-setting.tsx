import { Input } from '@base-ui/react/input';
import { type FormEvent, useState } from 'react';
import { useActions, useConnection, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { settingText } from '../../view/settings-words.ts';
import { Button } from '../button.tsx';
import { ProblemLine } from '../problem-text.tsx';
import { EntryList } from './entry-list.tsx';
import { inputLook } from './input-look.ts';
import { SettingRow } from './setting-row.tsx';
import { useDesktop, useDesktopCommand } from './use-desktop.ts';
import { useSetting } from './use-setting.ts';

/** Folders of GGUF files. The engine looks at each before it takes it. */
export function FoldersSetting() {
  const setting = useSetting('models.directories');
  const folders = setting.value as readonly string[];
  const pending = useDashboard((state) => state.pending);
  const refusals = useDashboard((state) => state.refusals);
  const actions = useActions();
  const { readSettings } = useConnection();
  const { bridge } = useDesktop();
  const [typed, setTyped] = useState('');
  const choose = useDesktopCommand(async () => (bridge === null ? { ok: true as const, value: { path: null } } : bridge.chooseFolder({})));

  const problem = refusals.addFolder ?? choose.problem ?? folders.map((path) => refusals[`folder:${path}`]).find((one) => one !== undefined);

  async function add(path: string) {
    if (path === '' || !(await actions.addFolder(path))) return;
    setTyped('');
    await readSettings();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void add(typed.trim());
  }
  async function pick() {
    const answer = await choose.run();
    if (answer?.ok && answer.value.path !== null) await add(answer.value.path);
  }

  return (
    <SettingRow setting={setting} fault={problem && <ProblemLine problem={problem} />} layout="below">
      {(ids) => (
        <div className="grid w-full gap-2">
          {folders.length === 0 ? (
            <p className="text-sm text-muted">{settingText('models.directories').none}</p>
          ) : (
            <EntryList
              label={setting.name}
              entries={folders.map((path) => ({ id: path, name: path, busy: pending[`folder:${path}`] ?? false, words: <span className="font-mono text-[13px] break-all">{path}</span> }))}
              onRemove={(path) => void actions.removeFolder(path).then(readSettings)}
            />
          )}
          <form onSubmit={submit} className="flex flex-wrap gap-2">
            <span className={`${inputLook.box} min-w-40 flex-1`} data-invalid={ids.invalid || undefined}>
              <Input
                id={ids.control}
                aria-label={text.settings.lists.folder}
                aria-describedby={ids.described}
                aria-invalid={ids.invalid || undefined}
                value={typed}
                placeholder={text.settings.lists.folder}
                spellCheck={false}
                autoCapitalize="off"
                autoComplete="off"
                className={`${inputLook.input} w-full font-mono text-[13px]`}
                onValueChange={(next) => {
                  setTyped(next);
                  if (refusals.addFolder) actions.dismissRefusal('addFolder');
                }}
              />
            </span>
            <Button type="submit" busy={pending.addFolder ?? false}>
              {text.settings.lists.addFolder}
            </Button>
            {bridge !== null && (
              <Button busy={choose.busy} onClick={() => void pick()}>
                {text.settings.lists.choose}
              </Button>
            )}
          </form>
        </div>
      )}
    </SettingRow>
  );
}
