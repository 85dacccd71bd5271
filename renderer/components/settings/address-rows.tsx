import { bridgeOf } from '../../desktop.ts';
import { useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { besideFile, configuredAddress, sameAddress } from '../../view/settings-address.ts';
import { Command } from '../command.tsx';
import { Row } from './setting-row.tsx';

/** Where apps reach Airdock now, and where from its next start if that was changed. */
export function AddressRow() {
  const gateway = useDashboard((state) => state.settings?.config.gateway);
  const words = text.settings.address;
  if (gateway === undefined) return null;
  const configured = configuredAddress(gateway);
  // The page of a browser comes from the very address; the desktop app's does not.
  const now = bridgeOf(window) === null ? window.location.origin : configured;
  const differs = now !== null && (configured === null ? gateway.port === 0 && bridgeOf(window) !== null : !sameAddress(now, configured));
  const note = differs ? (configured === null ? words.nextAny : words.next(configured)) : null;
  return (
    <Row id="address" name={words.name} meaning={words.meaning} note={note} labels="group" layout="below">
      {() => <div className="w-full">{now === null ? <p className="text-sm text-muted">{words.nextAny}</p> : <Command command={now} />}</div>}
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
