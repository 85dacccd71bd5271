import { useRef } from 'react';
import type { Config, Problem } from '../../../contract/index.ts';
import { anyModel, type SettingKey } from '../../../contract/setting-facts.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { editKey, editOf, editOverride } from '../../view/settings-edit.ts';
import { defaultOf, differs, valueAt } from '../../view/settings-value.ts';
import { settingText } from '../../view/settings-words.ts';

export interface Setting {
  readonly key: SettingKey;
  readonly name: string;
  readonly value: unknown;
  readonly standard: unknown;
  readonly changed: boolean;
  /** The engine has not answered yet. */
  readonly pending: boolean;
  readonly refusal: Problem | undefined;
  /** True when the engine has taken it; undefined takes the setting out of the file. Of several in a row, only the last is sent. */
  save(value: unknown): Promise<boolean>;
  /** An edit of more than this key. */
  edit(set: (config: Config) => Record<string, unknown>): Promise<boolean>;
  forget(): void;
}

/** One setting as the engine has it, and the way to change it. `model`: one that a model has for itself. */
export function useSetting(key: SettingKey, model?: string): Setting {
  const id = `setting:${editKey(key, model)}`;
  const config = useDashboard((state) => state.settings?.config);
  const pending = useDashboard((state) => state.pending[id] ?? false);
  const refusal = useDashboard((state) => state.refusals[id]);
  const { changeSettings, dismissRefusal } = useActions();
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const newest = useRef(0);
  if (config === undefined) throw new Error('The settings are not there yet');
  const value = valueAt(config, key, model);
  const standard = defaultOf(config, key);
  const { name } = settingText(key);

  function edit(set: (config: Config) => Record<string, unknown>): Promise<boolean> {
    newest.current += 1;
    const mine = newest.current;
    const turn = last.current.then(() => (mine === newest.current ? changeSettings(id, set, name) : false));
    last.current = turn;
    return turn;
  }

  return {
    key,
    name,
    value,
    standard,
    changed: key === 'models.preset' ? value !== undefined && value !== standard : differs(value, standard),
    pending,
    refusal,
    edit,
    save: (next) =>
      edit((now) => (key.includes(anyModel) && model !== undefined ? editOverride(key, model, next, now.models.overrides[model] ?? {}) : editOf(key, next))),
    forget: () => {
      if (refusal !== undefined) dismissRefusal(id);
    },
  };
}
