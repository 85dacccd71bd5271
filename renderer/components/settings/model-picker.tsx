import { Combobox } from '@base-ui/react/combobox';
import { useState } from 'react';
import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { inputLook } from './input-look.ts';

interface ModelPickerProps {
  /** Ids that are chosen already. */
  without: readonly string[];
  label: string;
  described?: string;
  onPick: (id: string) => void;
}

interface Item {
  readonly value: string;
  readonly label: string;
}

/** Finds an installed model by its name. */
export function ModelPicker({ without, label, described, onPick }: ModelPickerProps) {
  const models = useDashboard((state) => state.models);
  const [typed, setTyped] = useState('');
  const items: Item[] = models.filter(({ id }) => !without.includes(id)).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Combobox.Root<Item>
      items={items}
      value={null}
      inputValue={typed}
      onInputValueChange={setTyped}
      onValueChange={(item) => {
        if (item === null) return;
        onPick(item.value);
        setTyped('');
      }}
    >
      <Combobox.InputGroup className={`${inputLook.box} w-full max-w-80`}>
        <Combobox.Input aria-label={label} aria-describedby={described} placeholder={text.settings.lists.modelPlaceholder} className={`${inputLook.input} w-full`} />
      </Combobox.InputGroup>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={6} align="start" collisionPadding={12} className="z-20 outline-none">
          <Combobox.Popup className="max-h-[min(20rem,var(--available-height))] w-(--anchor-width) overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-lg outline-none">
            <Combobox.Empty>
              <p className="px-3 py-2 text-sm text-muted">{text.settings.lists.noModel}</p>
            </Combobox.Empty>
            <Combobox.List aria-label={label}>
              {(item: Item) => (
                <Combobox.Item key={item.value} value={item} className="flex min-h-9 cursor-default items-center rounded-lg px-3 text-sm break-words outline-none data-highlighted:bg-sunken">
                  {item.label}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
