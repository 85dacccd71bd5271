import type { DesktopState, Outcome } from '../../../contract/index.ts';

export type StartAtLogin = DesktopState['startAtLogin'];

/** Whether Airdock starts with the session, as the system has it: others may change that, and what they said stands. */
export interface Autostart {
  /** Never rejects: what is wrong is in `problem`. */
  read(): Promise<StartAtLogin>;
  /** A person's wish. */
  set(on: boolean): Promise<Outcome<{ text: string }>>;
  /** At a start: an entry that is on but leads nowhere, because the app was moved, is put right. Turns nothing on. */
  repair(): Promise<void>;
}

/** How the app is started at login: no window. */
export const hiddenSwitch = '--hidden';
