import { Combobox } from '@base-ui/react/combobox';
import { Plus } from 'lucide-react';
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
      <Combobox.Trigger
        aria-label={label}
        aria-describedby={described}
        className="flex min-h-9 cursor-pointer items-center gap-1.5 justify-self-start rounded-lg border border-line bg-surface pr-3 pl-2.5 text-sm font-medium hover:bg-sunken data-popup-open:bg-sunken"
      >
        <Plus className="size-4 text-muted" aria-hidden="true" />
        {text.settings.lists.addModel}
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={6} align="start" collisionPadding={12} className="z-20 outline-none">
          <Combobox.Popup aria-label={label} className="w-[min(20rem,calc(100vw-24px))] rounded-xl border border-line bg-surface p-1 shadow-lg outline-none">
            <div className={`${inputLook.box} m-1 mb-2`}>
              <Combobox.Input aria-label={text.settings.lists.model} placeholder={text.settings.lists.modelPlaceholder} className={`${inputLook.input} w-full`} />
            </div>
            <Combobox.Empty>
              <p className="px-3 pb-2 text-sm text-muted">{text.settings.lists.noModel}</p>
            </Combobox.Empty>
            <Combobox.List aria-label={label} className="max-h-[min(18rem,calc(var(--available-height)-4rem))] overflow-y-auto">
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
