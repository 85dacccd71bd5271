import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { besideFile, sameAddress } from '../../view/settings-address.ts';
import { useAppsAddress } from '../../view/use-apps-address.ts';
import { AppsButton } from '../apps-button.tsx';
import { Command } from '../command.tsx';
import { Row } from './setting-row.tsx';

/** Where apps reach Airdock now, and where from its next start if that was changed. */
export function AddressRow() {
  const address = useAppsAddress();
  const words = text.settings.address;
  if (address === null) return null;
  const { now, configured, here } = address;
  // Another device has a name of its own for this computer: the configured one says nothing there.
  const differs = here && now !== null && configured !== null && !sameAddress(now, configured);
  const note = differs ? words.next(configured) : null;
  return (
    <Row id="address" name={words.name} meaning={words.meaning} note={note} labels="group" layout="below">
      {() => (
        <div className="grid w-full justify-items-start gap-2">
          {now === null ? (
            <p className="text-sm text-muted">{words.nextAny}</p>
          ) : (
            <div className="w-full">
              <Command command={now} />
            </div>
          )}
          <AppsButton label={text.apps.setUp} />
        </div>
      )}
    </Row>
  );
}

/** Where the token lies. What it is never reaches a page. */
export function ScriptKeyRow() {
  const file = useDashboard((state) => state.settings?.path ?? '');
  const words = text.settings.address;
  return (
    <Row id="scriptKey" name={words.scriptKey} meaning={words.scriptKeyMeaning} labels="group" layout="below">
      {() => (
        <div className="w-full">
          <Command command={besideFile(file, 'token')} />
        </div>
      )}
    </Row>
  );
}
