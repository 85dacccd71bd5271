import { Menu } from '@base-ui/react/menu';
import { LockKeyhole, Snowflake } from 'lucide-react';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { popupPlace } from '../view/popup-place.ts';
import { headerPopup } from './header-button.ts';
import { menuItem, menuLabel } from './menu-look.ts';
import type { PopupProps } from './popup-button.tsx';

const hour = 3_600;
const modes = [
  { mode: 'freeze', Icon: Snowflake },
  { mode: 'pause', Icon: LockKeyhole },
] as const;

export function ModesPopup({ anchor, open, onOpenChange }: PopupProps) {
  const frozen = useDashboard((state) => state.live?.freeze != null);
  const paused = useDashboard((state) => state.live?.pause != null);
  const { startMode, endMode } = useActions();
  const on = { freeze: frozen, pause: paused };
  return (
    <Menu.Root open={open} onOpenChange={onOpenChange}>
      <Menu.Portal container={popupPlace()}>
        <Menu.Positioner anchor={anchor} sideOffset={8} align="end" collisionPadding={12} className="z-20 outline-none">
          <Menu.Popup finalFocus={anchor} aria-label={text.modes.button} className={`${headerPopup} w-76 max-w-[calc(100vw-24px)] divide-y divide-line p-1`}>
            {modes.map(({ mode, Icon }) => (
              <Menu.Group key={mode} className="py-1">
                <Menu.GroupLabel className={menuLabel}>
                  <span className="flex items-center gap-2 text-sm font-semibold text-ink">
                    <Icon className="size-4" aria-hidden="true" />
                    {text.modes[mode].title}
                  </span>
                  <span className="block font-normal">{text.modes[mode].explain}</span>
                </Menu.GroupLabel>
                {on[mode] ? (
                  <Menu.Item className={menuItem} onClick={() => void endMode(mode)}>
                    {text.modes[mode].end}
                  </Menu.Item>
                ) : (
                  <>
                    <Menu.Item className={menuItem} onClick={() => void startMode(mode, hour)}>
                      {text.modes.hour}
                    </Menu.Item>
                    <Menu.Item className={menuItem} onClick={() => void startMode(mode, null)}>
                      {text.modes.open}
                    </Menu.Item>
                  </>
                )}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
