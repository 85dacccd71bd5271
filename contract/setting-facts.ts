/*
 * Every setting of the config file as data, for pages that must not carry the schemas (config.ts imports zod). A test keeps
 * both equal: keys, what is allowed, defaults.
 */

export type SettingKind =
  | { readonly type: 'switch' }
  | { readonly type: 'choice'; readonly options: readonly string[] }
  | { readonly type: 'number'; readonly whole: boolean; readonly min: number; readonly max: number | null; readonly unit: SettingUnit; readonly nullable: boolean; /** Words that stand in place of a number. */ readonly words?: readonly string[] }
  | { readonly type: 'text'; readonly nullable: boolean }
  /** Keys of anybody's choice with a text each: shown, and edited in the file. */
  | { readonly type: 'pairs' }
  | { readonly type: 'list' }
  /** A list of groups of values: shown, and edited in the file. */
  | { readonly type: 'entries' };
export type SettingUnit = 'models' | 'seconds' | 'gb' | 'tokens' | 'threads' | 'port' | 'mb' | 'requests';

export interface SettingFact {
  readonly path: readonly string[];
  readonly kind: SettingKind;
  /** The value in force where the file does not name the key; undefined: none (then the preset, or the setting for all models, counts). */
  readonly default: unknown;
}

/** Stands for a model's name in the path of a setting that each model can have for itself. */
export const anyModel = '<name>';

const onOff = { type: 'switch' } as const;
const list = { type: 'list' } as const;
const choice = (...options: string[]) => ({ type: 'choice', options }) as const;
const number = (unit: SettingUnit, bounds: { whole?: boolean; min?: number; max?: number; nullable?: boolean; words?: readonly string[] } = {}) =>
  ({ type: 'number', unit, whole: bounds.whole ?? false, min: bounds.min ?? 0, max: bounds.max ?? null, nullable: bounds.nullable ?? false, ...(bounds.words && { words: bounds.words }) }) as const;
const text = (nullable: boolean) => ({ type: 'text', nullable }) as const;

const fact = (path: readonly string[], kind: SettingKind, standard: unknown): SettingFact => ({ path, kind, default: standard });
const models = (name: string, kind: SettingKind, standard: unknown) => fact(['models', name], kind, standard);
const perModel = (name: string, kind: SettingKind) => fact(['models', 'overrides', anyModel, name], kind, undefined);
const memory = (name: string, kind: SettingKind, standard: unknown) => fact(['memory', name], kind, standard);
const ollama = (name: string, kind: SettingKind, standard: unknown) => fact(['providers', 'ollama', name], kind, standard);
const llamaCpp = (name: string, kind: SettingKind, standard: unknown) => fact(['providers', 'llama.cpp', name], kind, standard);

const gateway = (name: string, kind: SettingKind, standard: unknown) => fact(['gateway', name], kind, standard);
const guard = (name: string, kind: SettingKind, standard: unknown) => fact(['gateway', 'guards', name], kind, standard);

/** By dotted path, as `configSet` and the file's messages name them. */
export const settingFacts = {
  'models.preset': models('preset', choice('aggressive', 'balanced', 'conservative'), undefined),
  'models.max_concurrent_loaded': models('max_concurrent_loaded', number('models', { whole: true, min: 1, max: 64 }), 2),
  'models.auto_unload_idle': models('auto_unload_idle', onOff, true),
  'models.idle_timeout_seconds': models('idle_timeout_seconds', number('seconds', { words: ['auto'] }), 300),
  'models.eviction': models('eviction', choice('value', 'lru'), 'value'),
  'models.context_length': models('context_length', number('tokens', { whole: true, min: 4 }), 4096),
  'models.directories': models('directories', list, []),
  'models.pinned': models('pinned', list, []),
  'models.overrides.<name>.idle_timeout_seconds': perModel('idle_timeout_seconds', number('seconds', { nullable: true, words: ['auto'] })),
  'models.overrides.<name>.context_length': perModel('context_length', number('tokens', { whole: true, min: 4 })),
  'models.overrides.<name>.ram_gb': perModel('ram_gb', number('gb')),
  'models.overrides.<name>.enabled': perModel('enabled', onOff),
  'models.overrides.<name>.overcommit': perModel('overcommit', onOff),
  'models.prefetch': models('prefetch', onOff, true),
  'models.unload_foreign': models('unload_foreign', choice('ask', 'yes', 'no'), 'ask'),
  'models.unload_before_sleep': models('unload_before_sleep', onOff, false),
  'models.file_types': models('file_types', { type: 'pairs' }, {}),
  'models.recommend_with_model': models('recommend_with_model', onOff, false),
  'memory.reserve_gb': memory('reserve_gb', number('gb'), 0),
  'memory.max_ram_usage_gb': memory('max_ram_usage_gb', number('gb', { nullable: true }), null),
  'memory.yield': memory('yield', onOff, true),
  'memory.yield_restore': memory('yield_restore', onOff, false),
  'providers.ollama.enabled': ollama('enabled', onOff, true),
  'providers.ollama.host': ollama('host', text(true), null),
  'providers.ollama.memory': ollama('memory', choice('auto', 'host', 'own'), 'auto'),
  'providers.ollama.ram_gb': ollama('ram_gb', number('gb', { nullable: true }), null),
  'providers.ollama_hosts': fact(['providers', 'ollama_hosts'], { type: 'entries' }, []),
  'providers.llama.cpp.enabled': llamaCpp('enabled', onOff, true),
  'providers.llama.cpp.gpu': llamaCpp('gpu', choice('auto', 'off'), 'auto'),
  'providers.llama.cpp.threads': llamaCpp('threads', number('threads', { whole: true, min: 1, nullable: true }), null),
  'providers.openai': fact(['providers', 'openai'], { type: 'entries' }, []),
  'gateway.host': gateway('host', text(false), '127.0.0.1'),
  'gateway.port': gateway('port', number('port', { whole: true, max: 65535 }), 11500),
  'gateway.enabled': gateway('enabled', onOff, true),
  'gateway.lan': gateway('lan', onOff, false),
  'gateway.docker': gateway('docker', onOff, false),
  'gateway.allowed_hosts': gateway('allowed_hosts', list, []),
  'gateway.allowed_origins': gateway('allowed_origins', list, []),
  'gateway.body_limit_mb': gateway('body_limit_mb', number('mb', { min: 1, max: 1024 }), 64),
  'gateway.bodies_limit_mb': gateway('bodies_limit_mb', number('mb', { min: 1, max: 65_536 }), 256),
  'gateway.queue_limit': gateway('queue_limit', number('requests', { whole: true, min: 1, max: 100_000 }), 512),
  'gateway.wait_limit_seconds': gateway('wait_limit_seconds', number('seconds', { min: 1, max: 86_400 }), 600),
  'gateway.guards.keep_alive': guard('keep_alive', onOff, true),
  'gateway.guards.unload_requests': guard('unload_requests', onOff, true),
  'gateway.guards.keep_context': guard('keep_context', onOff, true),
  'gateway.guards.larger_context': guard('larger_context', choice('plan', 'cap'), 'plan'),
  'gateway.guards.load_options': guard('load_options', onOff, true),
  'notifications.enabled': fact(['notifications', 'enabled'], onOff, true),
  'notifications.evictions': fact(['notifications', 'evictions'], onOff, true),
  'notifications.failures': fact(['notifications', 'failures'], onOff, true),
  'notifications.advice': fact(['notifications', 'advice'], onOff, true),
  'ui.theme': fact(['ui', 'theme'], choice('system', 'light', 'dark'), 'system'),
  'ui.language': fact(['ui', 'language'], choice('system', 'en', 'de'), 'system'),
  'ui.on_quit': fact(['ui', 'on_quit'], choice('ask', 'leave', 'unload'), 'ask'),
  'updates.check': fact(['updates', 'check'], onOff, false),
} as const satisfies Record<string, SettingFact>;

export type SettingKey = keyof typeof settingFacts;
export const settingKeys = Object.keys(settingFacts) as SettingKey[];
