import { NumberField } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useDashboard } from '../../store/dashboard.tsx';
import { formatBytes } from '../../text/format.ts';
import { language } from '../../text/language.ts';
import { text } from '../../text/text.ts';
import { factOf, faultOf, keepsAll } from '../../view/settings-value.ts';
import { allowedWords, settingText } from '../../view/settings-words.ts';
import { inputLook, unitLook } from './input-look.ts';
import { SettingRow } from './setting-row.tsx';
import { type Reading, useDraft } from './use-draft.ts';
import { meanwhileWords } from './meanwhile-words.ts';
import type { Setting } from './use-setting.ts';

interface NumberSettingProps {
  setting: Setting;
  /** Buttons for one more and one less. */
  steps?: boolean;
  note?: string | null;
}

/** A number: saved with Enter or on leaving the field, put back with Escape. Empty means "none" where that is allowed. */
export function NumberSetting({ setting, steps = false, note }: NumberSettingProps) {
  const { kind } = factOf(setting.key);
  const perModel = setting.standard === undefined;
  const value = typeof setting.value === 'number' ? setting.value : null;
  const total = useDashboard((state) => state.live?.memory?.total ?? null);
  const read = (typed: number | null): Reading => {
    // Empty takes away what one model has for itself.
    if (perModel && typed === null) return { ok: true, value: undefined };
    const fault = faultOf(kind, typed);
    if (total !== null && keepsAll(setting.key, typed, total)) return { ok: false, words: text.settings.allowed.lessThan(formatBytes(total)), certain: true };
    return fault === null ? { ok: true, value: typed } : { ok: false, words: allowedWords(setting.key), certain: fault !== 'empty' };
  };
  const draft = useDraft<number | null>({ current: setting.value, shown: value, read, save: (next) => setting.save(next ?? undefined), forget: setting.forget });
  // The field keeps the text that was typed until it loses the focus; putting it back means a new field.
  const [round, setRound] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (round > 0) input.current?.select();
  }, [round]);
  if (kind.type !== 'number') return null;
  const { min, max, unit } = kind;

  return (
    <SettingRow setting={setting} fault={draft.fault} note={draft.meanwhile ? meanwhileWords(setting) : note}>
      {(ids) => (
        <NumberField.Root
          key={round}
          id={ids.control}
          value={draft.typed}
          min={min}
          {...(max === null ? {} : { max })}
          step={unit === 'tokens' ? 1024 : unit === 'gb' ? 0.5 : 1}
          allowOutOfRange
          locale={language}
          // Also where only whole numbers are allowed: what is not is to be refused, not to be rounded in silence.
          format={{ useGrouping: false, maximumFractionDigits: 6 }}
          onValueChange={(next) => draft.change(next)}
          onValueCommitted={(next, { reason }) => draft.commit(next, !reason.startsWith('input-'))}
        >
          <div className="flex items-center gap-2">
            <NumberField.Group className={`${inputLook.box} ${steps ? 'px-0' : ''}`} data-invalid={ids.invalid || undefined}>
              {steps && (
                <NumberField.Decrement aria-label={text.settings.value.less(setting.name)} className={inputLook.step}>
                  <Minus className="size-4" aria-hidden="true" />
                </NumberField.Decrement>
              )}
              <NumberField.Input
                ref={input}
                aria-describedby={ids.described}
                aria-invalid={ids.invalid || undefined}
                aria-roledescription={undefined}
                placeholder={settingText(setting.key).none}
                className={`${inputLook.input} ${steps ? 'w-12 text-center' : settingText(setting.key).none === undefined ? 'w-24' : 'w-52'}`}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') draft.commit(draft.typed, true);
                  if (event.key !== 'Escape' || !(draft.dirty || setting.refusal)) return;
                  event.stopPropagation();
                  draft.revert();
                  setRound(round + 1);
                }}
              />
              {steps && (
                <NumberField.Increment aria-label={text.settings.value.more(setting.name)} className={inputLook.step}>
                  <Plus className="size-4" aria-hidden="true" />
                </NumberField.Increment>
              )}
            </NumberField.Group>
            {text.settings.units[unit] !== '' && <span className={unitLook}>{text.settings.units[unit]}</span>}
          </div>
        </NumberField.Root>
      )}
    </SettingRow>
  );
}
