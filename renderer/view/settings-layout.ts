import type { SettingKey } from '../../contract/setting-facts.ts';
import type { Text } from '../text/text.ts';

export type SectionId = keyof Text['settings']['sections'];
/** A row that is no single key of the file, or shows something beside it. */
export type OtherRow = 'address' | 'key' | 'pairing' | 'scriptKey' | 'startAtLogin' | 'single' | 'configFile' | 'logFolder' | 'version';
export type RowId = SettingKey | OtherRow;

export interface SectionLayout {
  readonly id: SectionId;
  readonly rows: readonly RowId[];
}

/** What is in sight at once. */
export const basicSections: readonly SectionLayout[] = [
  { id: 'models', rows: ['models.preset', 'models.max_concurrent_loaded', 'models.auto_unload_idle', 'models.idle_timeout_seconds'] },
  { id: 'memory', rows: ['memory.reserve_gb', 'memory.yield'] },
  { id: 'apps', rows: ['address', 'key'] },
  { id: 'airdock', rows: ['notifications.enabled', 'startAtLogin', 'ui.theme', 'ui.language'] },
];

export const advancedSections: readonly SectionLayout[] = [
  { id: 'moreModels', rows: ['models.pinned', 'models.directories', 'models.context_length', 'models.eviction', 'models.prefetch', 'models.file_types', 'models.recommend_with_model'] },
  { id: 'single', rows: ['single'] },
  { id: 'moreMemory', rows: ['memory.max_ram_usage_gb', 'memory.yield_restore', 'models.unload_foreign', 'models.unload_before_sleep'] },
  { id: 'ollama', rows: ['providers.ollama.enabled', 'providers.ollama.host', 'providers.ollama.memory', 'providers.ollama.ram_gb'] },
  { id: 'llamaCpp', rows: ['providers.llama.cpp.enabled', 'providers.llama.cpp.gpu', 'providers.llama.cpp.threads'] },
  { id: 'servers', rows: ['providers.ollama_hosts', 'providers.openai'] },
  {
    id: 'forApps',
    rows: [
      'gateway.enabled',
      'gateway.guards.keep_alive',
      'gateway.guards.unload_requests',
      'gateway.guards.keep_context',
      'gateway.guards.larger_context',
      'gateway.guards.load_options',
      'gateway.wait_limit_seconds',
      'gateway.queue_limit',
      'gateway.body_limit_mb',
      'gateway.bodies_limit_mb',
    ],
  },
  { id: 'reach', rows: ['gateway.lan', 'pairing', 'gateway.docker', 'gateway.allowed_hosts', 'gateway.allowed_origins'] },
  { id: 'address', rows: ['gateway.port', 'gateway.host', 'scriptKey'] },
  { id: 'notifications', rows: ['notifications.evictions', 'notifications.failures', 'notifications.advice'] },
  { id: 'program', rows: ['ui.on_quit', 'updates.check'] },
];

export const aboutSection: SectionLayout = { id: 'about', rows: ['configFile', 'logFolder', 'version'] };

/** What the row "single" has for each model. */
export const perModelKeys = [
  'models.overrides.<name>.idle_timeout_seconds',
  'models.overrides.<name>.context_length',
  'models.overrides.<name>.ram_gb',
  'models.overrides.<name>.enabled',
  'models.overrides.<name>.overcommit',
] as const satisfies readonly SettingKey[];

/** How many settings the sections have, those of a single model counted once each. */
export const countSettings = (sections: readonly SectionLayout[]): number =>
  sections.flatMap(({ rows }) => rows).reduce((sum, row) => sum + (row === 'single' ? perModelKeys.length : 1), 0);
