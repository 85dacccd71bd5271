import { type FormEvent, useState } from 'react';
import { text } from '../../text/text.ts';
import { isEntry } from '../../view/settings-value.ts';
import { allowedWords, settingText } from '../../view/settings-words.ts';
import { Button } from '../button.tsx';
import { EntryList } from './entry-list.tsx';
import { SettingRow } from './setting-row.tsx';
import { TextField } from './text-setting.tsx';
import type { Setting } from './use-setting.ts';

/** A list of names that are typed. */
export function TextListSetting({ setting }: { setting: Setting }) {
  const entries = setting.value as readonly string[];
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState(false);
  const words = text.settings.lists;
  const label = setting.key === 'gateway.allowed_hosts' ? words.addName : words.addOrigin;
  const set = (next: (before: readonly string[]) => string[]) => setting.edit(({ gateway }) => ({ [setting.key]: next(setting.key === 'gateway.allowed_hosts' ? gateway.allowed_hosts : gateway.allowed_origins) }));

  function change(next: string) {
    setTyped(next);
    setRefused(false);
    setting.forget();
  }
  async function submit(event: FormEvent) {
    event.preventDefault();
    const entry = typed.trim();
    if (!isEntry(setting.key, entry)) return setRefused(true);
    if (await set((before) => (before.includes(entry) ? [...before] : [...before, entry]))) setTyped('');
  }

  return (
    <SettingRow setting={setting} fault={refused ? allowedWords(setting.key) : null} layout="below">
      {(ids) => (
        <div className="grid w-full gap-2">
          {entries.length === 0 ? (
            <p className="text-sm text-muted">{settingText(setting.key).none}</p>
          ) : (
            <EntryList
              label={setting.name}
              entries={entries.map((entry) => ({ id: entry, name: entry, busy: setting.pending, words: <span className="font-mono text-[13px] break-all">{entry}</span> }))}
              onRemove={(entry) => void set((before) => before.filter((one) => one !== entry))}
            />
          )}
          <form onSubmit={(event) => void submit(event)} className="flex flex-wrap gap-2">
            <TextField ids={ids} typed={typed} placeholder={label} label={`${label}: ${setting.name}`} className="w-64" onType={change} onCommit={() => undefined} onRevert={null} />
            <Button type="submit" busy={setting.pending} aria-label={`${words.addModel}: ${setting.name}`}>
              {words.addModel}
            </Button>
          </form>
        </div>
      )}
    </SettingRow>
  );
}
