import { Input } from '@base-ui/react/input';
import { language } from '../../text/language.ts';
import { formatSeconds, parseSeconds } from '../../view/settings-duration.ts';
import { isLoopback } from '../../view/settings-address.ts';
import { factOf, faultOf } from '../../view/settings-value.ts';
import { allowedWords, settingText } from '../../view/settings-words.ts';
import { inputLook } from './input-look.ts';
import { meanwhileWords } from './meanwhile-words.ts';
import { type RowIds, SettingRow } from './setting-row.tsx';
import { type Reading, useDraft } from './use-draft.ts';
import type { Setting } from './use-setting.ts';

interface TextFieldProps {
  ids: RowIds;
  typed: string;
  placeholder?: string | undefined;
  /** Read out instead of the row's name, where that says too little. */
  label?: string | undefined;
  className?: string;
  onType: (typed: string) => void;
  onCommit: (again: boolean) => void;
  /** Absent: there is nothing to put back. */
  onRevert: (() => void) | null;
}

/** A line of text: saved with Enter or on leaving it, put back with Escape. */
export function TextField({ ids, typed, placeholder, label, className = 'w-56', onType, onCommit, onRevert }: TextFieldProps) {
  return (
    <span className={`${inputLook.box} max-w-full`} data-invalid={ids.invalid || undefined}>
      <Input
        id={ids.control}
        aria-label={label}
        aria-describedby={ids.described}
        aria-invalid={ids.invalid || undefined}
        value={typed}
        placeholder={placeholder}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        className={`${inputLook.input} ${className}`}
        onValueChange={onType}
        onBlur={() => onCommit(false)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onCommit(true);
          if (event.key !== 'Escape' || onRevert === null) return;
          event.stopPropagation();
          onRevert();
        }}
      />
    </span>
  );
}

export function TextSetting({ setting }: { setting: Setting }) {
  const { kind } = factOf(setting.key);
  const words = typeof setting.value === 'string' ? setting.value : '';
  const read = (typed: string): Reading => {
    const wanted = typed.trim();
    const fault = faultOf(kind, wanted) !== null || (setting.key === 'gateway.host' && !isLoopback(wanted));
    if (fault) return { ok: false, words: allowedWords(setting.key), certain: false };
    return { ok: true, value: wanted === '' ? null : wanted };
  };
  const draft = useDraft({ current: setting.value, shown: words, read, save: (next) => setting.save(next ?? undefined), forget: setting.forget });
  return (
    <SettingRow setting={setting} fault={draft.fault} note={draft.meanwhile ? meanwhileWords(setting) : null}>
      {(ids) => (
        <TextField
          ids={ids}
          typed={draft.typed}
          placeholder={settingText(setting.key).none}
          onType={draft.change}
          onCommit={(again) => draft.commit(draft.typed, again)}
          onRevert={draft.dirty || setting.refusal ? draft.revert : null}
        />
      )}
    </SettingRow>
  );
}

/** What reads "5 min" and is kept in seconds. */
export function useDurationDraft(setting: Setting, seconds: number) {
  const read = (typed: string): Reading => {
    const value = parseSeconds(typed, seconds);
    return value === null ? { ok: false, words: allowedWords(setting.key), certain: false } : { ok: true, value };
  };
  return useDraft({ current: seconds, shown: formatSeconds(seconds, language), read, save: setting.save, forget: setting.forget });
}

export function DurationSetting({ setting, note }: { setting: Setting; note?: string | null }) {
  const draft = useDurationDraft(setting, typeof setting.value === 'number' ? setting.value : 0);
  return (
    <SettingRow setting={setting} fault={draft.fault} note={draft.meanwhile ? meanwhileWords(setting) : (note ?? null)}>
      {(ids) => (
        <TextField
          ids={ids}
          typed={draft.typed}
          className="w-36"
          onType={draft.change}
          onCommit={(again) => draft.commit(draft.typed, again)}
          onRevert={draft.dirty || setting.refusal ? draft.revert : null}
        />
      )}
    </SettingRow>
  );
}
