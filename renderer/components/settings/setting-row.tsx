import { Info } from 'lucide-react';
import { createContext, type ReactNode, useContext, useId } from 'react';
import { text } from '../../text/text.ts';
import { settingText, valueWords } from '../../view/settings-words.ts';
import { ProblemLine } from '../problem-text.tsx';
import { Spinner } from '../spinner.tsx';
import type { Setting } from './use-setting.ts';

/** Ids by which a control belongs to its row's words. */
export interface RowIds {
  readonly control: string;
  readonly label: string;
  readonly described: string;
  readonly invalid: boolean;
}

/** Whether rows show their key and default also where nothing was changed. */
export const FullRows = createContext(false);

/** beside: the control beside the words where there is room for both · small: always · below: never, as it needs the whole width */
type RowLayout = keyof typeof layouts;
const layouts = {
  beside: { row: 'sm:grid-cols-[minmax(0,1fr)_auto]', control: 'sm:justify-end' },
  small: { row: 'grid-cols-[minmax(0,1fr)_auto]', control: 'justify-end' },
  below: { row: '', control: '' },
} as const;

interface RowProps {
  /** For tests and for those who look for it. */
  id: string;
  name: string;
  meaning: ReactNode;
  /** Under the meaning, smaller. */
  details?: ReactNode;
  fault?: ReactNode;
  /** Something worth knowing about the value right now. */
  note?: string | null | undefined;
  pending?: boolean;
  /** What the label is of: an input, or a group of several. */
  labels?: 'input' | 'group';
  layout?: RowLayout;
  children?: (ids: RowIds) => ReactNode;
}

/** A name with its meaning on one side, a control on the other. */
export function Row({ id, name, meaning, details, fault, note, pending = false, labels = 'input', layout = 'beside', children }: RowProps) {
  const base = useId();
  const ids: RowIds = {
    control: `${base}control`,
    label: `${base}label`,
    described: [`${base}meaning`, fault && `${base}fault`, note && `${base}note`].filter(Boolean).join(' '),
    invalid: Boolean(fault),
  };
  const label = labels === 'input' ? <label id={ids.label} htmlFor={ids.control}>{name}</label> : <span id={ids.label}>{name}</span>;
  return (
    <div
      data-setting={id}
      aria-busy={pending || undefined}
      className={`grid gap-x-6 gap-y-3 px-4 py-4 sm:px-5 ${layouts[layout].row}`}
    >
      <div className="min-w-0">
        <p className="flex items-center gap-2 font-medium">
          {label}
          {/* Most answers come at once: only a slow one is worth a sign. */}
          {pending && (
            <span className="text-muted opacity-100 transition-opacity delay-200 starting:opacity-0">
              <Spinner />
            </span>
          )}
        </p>
        <p id={`${base}meaning`} className="mt-0.5 max-w-[42rem] text-[13px] text-pretty text-muted">
          {meaning}
        </p>
        {details}
      </div>
      {children !== undefined && <div className={`flex min-w-0 items-start ${layouts[layout].control}`}>{children(ids)}</div>}
      {(fault || note) && (
        <div className="col-span-full -mt-1 grid gap-1 text-sm">
          {fault && (
            <p id={`${base}fault`} role="alert" className="text-bad">
              {fault}
            </p>
          )}
          {note && (
            <p id={`${base}note`} className="flex gap-1.5 text-[13px]">
              <Info className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden="true" />
              <span>{note}</span>
            </p>
          )}
        </div>
      )}
    </div>
  );
}

/** The key, what counts without it, and the way back to that. */
function Details({ setting }: { setting: Setting }) {
  const full = useContext(FullRows);
  const perModel = setting.key.includes('<name>');
  const standard = valueWords(setting.key, setting.standard);
  if (!full && !setting.changed) return null;
  return (
    <p className="mt-1 flex flex-wrap items-baseline gap-x-2 text-xs text-muted">
      {full && <code className="font-mono break-all">{perModel ? setting.key.split('.').at(-1) : setting.key}</code>}
      {!perModel && <span>{text.settings.value.default(standard)}</span>}
      {setting.changed && (
        <button
          type="button"
          aria-label={text.settings.value.resetNamed(setting.name, standard)}
          className="-my-1 rounded py-1 font-medium text-accent hover:underline"
          onClick={() => void setting.save(undefined)}
        >
          {text.settings.value.reset}
        </button>
      )}
    </p>
  );
}

interface SettingRowProps {
  setting: Setting;
  meaning?: ReactNode;
  fault?: ReactNode;
  note?: string | null;
  labels?: 'input' | 'group';
  layout?: RowLayout;
  children: (ids: RowIds) => ReactNode;
}

/** The row of one setting of the config file. */
export function SettingRow({ setting, meaning, fault, ...rest }: SettingRowProps) {
  const { refusal } = setting;
  return (
    <Row
      id={setting.key}
      name={setting.name}
      meaning={meaning ?? settingText(setting.key).meaning}
      details={<Details setting={setting} />}
      fault={fault ?? (refusal && <ProblemLine problem={refusal} />)}
      pending={setting.pending}
      {...rest}
    />
  );
}
