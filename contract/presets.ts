import type { Config } from './config.ts';

export type PresetName = NonNullable<Config['models']['preset']>;
export type PresetValues = Pick<Config['models'], 'max_concurrent_loaded' | 'auto_unload_idle'> & { idle_timeout_seconds: number };

export interface Preset {
  name: PresetName;
  title: string;
  values: PresetValues;
}

/** What `models.preset` stands for: defaults, so that a key that is written out wins over them. */
export const presets: readonly Preset[] = [
  { name: 'aggressive', title: 'Fast switching', values: { max_concurrent_loaded: 3, auto_unload_idle: false, idle_timeout_seconds: 3600 } },
  { name: 'balanced', title: 'Balanced', values: { max_concurrent_loaded: 2, auto_unload_idle: true, idle_timeout_seconds: 300 } },
  { name: 'conservative', title: 'Save memory', values: { max_concurrent_loaded: 1, auto_unload_idle: true, idle_timeout_seconds: 60 } },
];
