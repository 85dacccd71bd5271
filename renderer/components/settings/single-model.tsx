import { useId } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { usualIdleSeconds } from '../../view/idle-time.ts';
import { editKeyOfModel } from '../../view/settings-edit.ts';
import { perModelKeys } from '../../view/settings-layout.ts';
import { valueWords } from '../../view/settings-words.ts';
import { Button } from '../button.tsx';
import { Refusal } from '../refusal.tsx';
import { NumberSetting } from './number-setting.tsx';
import { SettingRow } from './setting-row.tsx';
import { SwitchControl } from './switch-control.tsx';
import { TimeChoice } from './time-choice.tsx';
import { useSetting } from './use-setting.ts';

const [idle, contextLength, ramGb, enabled, overcommit] = perModelKeys;

const idleOptions = ['all', 'auto', 'never', 'own'] as const;

/** As all models, when room is needed, never, or after a time of its own. */
function IdleSetting({ model, name }: { model: string; name: string }) {
  const setting = useSetting(idle, model);
  const common = useDashboard((state) => state.settings?.config.models.idle_timeout_seconds ?? 0);
  const words = text.settings.single;
  const value = typeof setting.value === 'number' ? 'own' : setting.value === null ? 'never' : setting.value === 'auto' ? 'auto' : 'all';
  return (
    <TimeChoice
      setting={setting}
      name={`${idle} ${model}`}
      value={value}
      options={idleOptions.map((option) => ({ value: option, label: words.idle[option] }))}
      timed="own"
      // A time of its own begins with that of all.
      startAt={common === 'auto' ? usualIdleSeconds : common}
      valueOf={(option) => (option === 'never' ? null : option === 'auto' ? 'auto' : undefined)}
      label={words.ownTime(name)}
      meaning={value === 'all' ? words.asAll(valueWords('models.idle_timeout_seconds', common)) : undefined}
    />
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
