import type { Session } from 'electron';
import { isAppAddress } from './app-address.ts';

type CheckHandler = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;
type Permission = Parameters<CheckHandler>[1];

/** What a page may have, of all that Electron knows. Electron's own default grants every one of these. */
const permissions = {
  /** The Copy buttons: text onto the clipboard, after a click. */
  'clipboard-sanitized-write': true,
  /** What somebody copied elsewhere is nobody's business here. */
  'clipboard-read': false,
  'deprecated-sync-clipboard-read': false,
  /** Notifications come from the main process, never from the page. */
  notifications: false,
  /** Links go through the channel `openLink`, which parses them. */
  openExternal: false,
  /** Folders are chosen in the system's dialog, by the main process. */
  fileSystem: false,
  /** The window has a button of its own for that. */
  fullscreen: false,
  'automatic-fullscreen': false,
  keyboardLock: false,
  pointerLock: false,
  'window-management': false,
  'web-app-installation': false,
  /** The page has no need to keep the screen or the computer awake. */
  'screen-wake-lock': false,
  'system-wake-lock': false,
  'idle-detection': false,
  /** It reaches neither this computer's servers nor the network: all it knows comes over the bridge. */
  'local-network': false,
  'local-network-access': false,
  'loopback-network': false,
  'background-fetch': false,
  'background-sync': false,
  'periodic-background-sync': false,
  'persistent-storage': false,
  'storage-access': false,
  'top-level-storage-access': false,
  /** No device, sensor, camera, microphone or screen is of use to it. */
  ar: false,
  'captured-surface-control': false,
  'display-capture': false,
  geolocation: false,
  'geolocation-approximate': false,
  'hand-tracking': false,
  hid: false,
  'local-fonts': false,
  media: false,
  mediaKeySystem: false,
  midi: false,
  midiSysex: false,
  nfc: false,
  'payment-handler': false,
  sensors: false,
  serial: false,
  'smart-card': false,
  'speaker-selection': false,
  usb: false,
  vr: false,
  'web-printing': false,
  unknown: false,
} as const satisfies Record<Permission, boolean>;

/** Whether a frame may have a permission: what the table allows, for the main frame of our own page. A name that is not in the table is refused. */
export function isAllowed(permission: string, address: string | null | undefined, isMainFrame: boolean): boolean {
  return Object.hasOwn(permissions, permission) && permissions[permission as Permission] && isMainFrame && isAppAddress(address);
}

type PermissionSession = Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'setDisplayMediaRequestHandler' | 'on'>;

/** The one place that grants or refuses what a page asks the system for. */
export function denyPermissions(session: PermissionSession): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(isAllowed(permission, details.requestingUrl, details.isMainFrame)));
  session.setPermissionCheckHandler((_contents, permission, origin, details) => isAllowed(permission, origin, details.isMainFrame));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  // Nothing in the dashboard is a download; a page that begins one is not ours any more.
  session.on('will-download', (event) => event.preventDefault());
}
