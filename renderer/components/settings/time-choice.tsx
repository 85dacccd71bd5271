import { meanwhileWords } from './meanwhile-words.ts';
import { ChoiceControl } from './choice-control.tsx';
import { SettingRow } from './setting-row.tsx';
import { TextField, useDurationDraft } from './text-setting.tsx';
import type { Setting } from './use-setting.ts';

interface TimeChoiceProps<Option extends string> {
  setting: Setting;
  /** By which the choice finds the focus again. */
  name: string;
  value: Option;
  options: readonly { readonly value: Option; readonly label: string }[];
  /** The option that a time of its own belongs to, and where that begins, seconds. */
  timed: Option;
  startAt: number;
  /** Read out for the time, where the row's name says too little. */
  label?: string;
  note?: string | null;
  meaning?: string | undefined;
  /** Seconds for `timed`. */
  valueOf: (option: Option) => unknown;
}

/** A few choices, one of which is a time to be typed. */
export function TimeChoice<Option extends string>({ setting, name, value, options, timed, startAt, label, note = null, meaning, valueOf }: TimeChoiceProps<Option>) {
  const draft = useDurationDraft(setting, typeof setting.value === 'number' ? setting.value : startAt);
  const choose = (next: string) => {
    draft.revert();
    const option = options.find((one) => one.value === next)?.value;
    if (option !== undefined) void setting.save(option === timed ? startAt : valueOf(option));
  };
  return (
    <SettingRow setting={setting} labels="group" fault={draft.fault} note={draft.meanwhile ? meanwhileWords(setting) : note} meaning={meaning}>
      {(ids) => (
        <div className="flex flex-wrap items-center gap-2 sm:justify-end">
          {value === timed && (
            <TextField
              ids={ids}
              label={label}
              typed={draft.typed}
              className="w-36"
              onType={draft.change}
              onCommit={(again) => draft.commit(draft.typed, again)}
              onRevert={draft.dirty || setting.refusal ? draft.revert : null}
            />
          )}
          <ChoiceControl name={name} ids={ids} value={value} options={options} onChange={choose} />
        </div>
      )}
    </SettingRow>
  );
}
