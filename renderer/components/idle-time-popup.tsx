import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { LoadedModel } from '../../contract/index.ts';
import { useActions, useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { type IdleTime, idleTimes, ownIdleTime } from '../view/idle-time.ts';
import { popupPlace } from '../view/popup-place.ts';
import { headerPopup } from './header-button.ts';
import { menuItem, menuLabel } from './menu-look.ts';
import type { PopupProps } from './popup-button.tsx';

type Choice = IdleTime | 'default';

/** What the file says is offered too, where it is a time that nobody would think of. */
const offered = (own: IdleTime | undefined): readonly IdleTime[] => (own === undefined || idleTimes.some((time) => time === own) ? idleTimes : [own, ...idleTimes]);

export function IdleTimePopup({ model, anchor, open, onOpenChange }: PopupProps & { model: LoadedModel }) {
  const own = useDashboard((state) => (state.settings === null ? undefined : ownIdleTime(state.settings.config.models.overrides, model)));
  const standard = useDashboard((state) => {
    const models = state.settings?.config.models;
    return models === undefined || !models.auto_unload_idle ? null : models.idle_timeout_seconds;
  });
  const { setIdleTime } = useActions();
  const chosen: Choice = own === undefined ? 'default' : own;
  return (
    <Menu.Root open={open} onOpenChange={onOpenChange}>
      <Menu.Portal container={popupPlace()}>
        <Menu.Positioner anchor={anchor} sideOffset={6} align="end" collisionPadding={12} className="z-20 outline-none">
          <Menu.Popup finalFocus={anchor} aria-label={text.idleTime.title} className={`${headerPopup} w-64 p-1`}>
            <Menu.RadioGroup value={chosen} onValueChange={(value: Choice) => void setIdleTime(model, value === 'default' ? undefined : value)}>
              <div className={menuLabel}>{text.idleTime.title}</div>
              {[...offered(own), 'default' as const].map((time) => (
                <Menu.RadioItem key={time} value={time} closeOnClick className={menuItem}>
                  <span className="grid size-4 shrink-0 place-items-center text-accent" aria-hidden="true">
                    <Menu.RadioItemIndicator>
                      <Check className="size-4" />
                    </Menu.RadioItemIndicator>
                  </span>
                  {time === 'default' ? text.idleTime.standard(standard) : text.idleTime.choice(time)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
