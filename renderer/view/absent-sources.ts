import type { LiveState } from '../../contract/index.ts';

/** Who chose the address at which nothing answers. */
export type AddressFrom = 'settings' | 'variable' | 'standard';

export interface AbsentSource {
  id: string;
  label: string;
  url: string;
  from: AddressFrom;
}

/** Where Ollama listens if nobody says otherwise. */
const standard = /^https?:\/\/(127\.0\.0\.1|localhost):11434\/?$/;

/** Every Ollama that has not answered since Airdock runs. `host` is the one in the settings; undefined: the settings have not come yet. */
export function absentSources(providers: LiveState['providers'], host: string | null | undefined): AbsentSource[] {
  return providers.flatMap(({ id, kind, label, status, url }) => {
    if (kind !== 'ollama' || status !== 'absent' || url === null || host === undefined) return [];
    // Further ones are listed in the settings alone.
    const from = id !== 'ollama' || host !== null ? 'settings' : standard.test(url) ? 'standard' : 'variable';
    return [{ id, label, url, from }];
  });
}
