import { problem, type OperationHandlers, type Outcome } from '../../../contract/index.ts';
import { no, ok } from './common.ts';

/** Who else may use this Airdock: the key for apps, and sign-ins of other devices. */
export interface AccessPort {
  /** The key for apps and the file that it lies in. */
  appsKey(): { key: string; file: string };
  newAppsKey(): Promise<Outcome<string>>;
  /** Addresses with one sign-in code for another device; empty where other devices are not let in. */
  pairingUrls(): string[];
}

/** How long a sign-in code can be used (main/web/sessions.ts). */
const CODE_MINUTES = 10;

/** `access` is null where nothing is served. */
export function accessOperations(access: AccessPort | null): Pick<OperationHandlers, 'pairingLinks' | 'appsKey' | 'newAppsKey'> {
  const unserved = no(problem('not-running', 'Programs are not being served.'));
  return {
    appsKey: async () => (access === null ? unserved : ok(access.appsKey())),

    newAppsKey: async () => {
      if (access === null) return unserved;
      const made = await access.newAppsKey();
      return made.ok ? ok({ ...access.appsKey(), key: made.value }) : no(made.problem);
    },

    pairingLinks: async () => {
      if (access === null) return unserved;
      const urls = access.pairingUrls();
      if (urls.length > 0) return ok({ urls, minutes: CODE_MINUTES });
      return no(problem('bad-config', 'Airdock does not answer other devices, or this computer is in no network.', 'Switch on gateway.lan in the settings and start Airdock again.'));
    },
  };
}
