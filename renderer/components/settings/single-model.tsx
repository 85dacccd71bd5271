import { useId } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { editKeyOfModel } from '../../view/settings-edit.ts';
import { perModelKeys } from '../../view/settings-layout.ts';
import { valueWords } from '../../view/settings-words.ts';
import { Button } from '../button.tsx';
import { Refusal } from '../refusal.tsx';
import { ChoiceControl } from './choice-control.tsx';
import { meanwhileWords } from './meanwhile-words.ts';
import { NumberSetting } from './number-setting.tsx';
import { SettingRow } from './setting-row.tsx';
import { SwitchControl } from './switch-control.tsx';
import { TextField, useDurationDraft } from './text-setting.tsx';
import { useSetting } from './use-setting.ts';

const [idle, contextLength, ramGb, enabled, overcommit] = perModelKeys;

/** Never, as all models, or a time of its own. */
function IdleSetting({ model, name }: { model: string; name: string }) {
  const setting = useSetting(idle, model);
  const common = useDashboard((state) => state.settings?.config.models.idle_timeout_seconds ?? 0);
  const words = text.settings.single;
  const value = typeof setting.value === 'number' ? 'own' : setting.value === null ? 'never' : 'all';
  const draft = useDurationDraft(setting, typeof setting.value === 'number' ? setting.value : common);

  function choose(next: string) {
    draft.revert();
    // A time of its own begins with that of all.
    if (next === 'own') void setting.save(common);
    else void setting.save(next === 'never' ? null : undefined);
  }

  return (
    <SettingRow setting={setting} labels="group" fault={draft.fault} note={draft.meanwhile ? meanwhileWords(setting) : null} meaning={value === 'all' ? words.asAll(valueWords('models.idle_timeout_seconds', common)) : undefined}>
      {(ids) => (
        <div className="flex flex-wrap items-center gap-2 sm:justify-end">
          {value === 'own' && (
            <TextField
              ids={ids}
              label={words.ownTime(name)}
              typed={draft.typed}
              className="w-28"
              onType={draft.change}
              onCommit={(again) => draft.commit(draft.typed, again)}
              onRevert={draft.dirty || setting.refusal ? draft.revert : null}
            />
          )}
          <ChoiceControl
            name={`${idle} ${model}`}
            ids={ids}
            value={value}
            options={(['all', 'never', 'own'] as const).map((option) => ({ value: option, label: words.idle[option] }))}
            onChange={choose}
          />
        </div>
      )}
    </SettingRow>
  );
}

function OnOff({ setting, fallback }: { setting: ReturnType<typeof useSetting>; fallback: boolean }) {
  return (
    <SettingRow setting={setting} layout="small">
      {(ids) => <SwitchControl ids={ids} on={typeof setting.value === 'boolean' ? setting.value : fallback} onChange={(on) => void setting.save(on === fallback ? undefined : on)} />}
    </SettingRow>
  );
}

interface SingleModelProps {
  id: string;
  name: string;
  installed: boolean;
  /** It has no settings of its own any more. */
  onClose: () => void;
}

/** What one model has for itself. */
export function SingleModel({ id, name, installed, onClose }: SingleModelProps) {
  const heading = useId();
  const action = `setting:${editKeyOfModel(id)}`;
  const busy = useDashboard((state) => state.pending[action] ?? false);
  const kept = useDashboard((state) => Object.hasOwn(state.settings?.config.models.overrides ?? {}, id));
  const { changeSettings } = useActions();
  const context = useSetting(contextLength, id);
  const ram = useSetting(ramGb, id);
  const allowed = useSetting(enabled, id);
  const paged = useSetting(overcommit, id);

  async function remove() {
    if (!kept || (await changeSettings(action, () => ({ [editKeyOfModel(id)]: null }), name))) onClose();
  }

  return (
    <section aria-labelledby={heading}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-sunken px-4 py-1.5 sm:px-5">
        <h4 id={heading} className="min-w-0 grow text-sm font-semibold break-words">
          {name}
          {!installed && <span className="ml-2 font-normal text-muted">{text.settings.lists.notInstalled}</span>}
        </h4>
        <Button look="quiet" className="-mr-3" busy={busy} aria-label={text.settings.single.removeAllNamed(name)} onClick={() => void remove()}>
          {text.settings.single.removeAll}
        </Button>
      </div>
      <div className="px-4 not-empty:pb-4 sm:px-5">
        <Refusal action={action} />
      </div>
      <div className="divide-y divide-line">
        <IdleSetting model={id} name={name} />
        <NumberSetting setting={context} />
        <NumberSetting setting={ram} />
        <OnOff setting={allowed} fallback />
        <OnOff setting={paged} fallback={false} />
      </div>
    </section>
  );
}
