import type { MenuItemConstructorOptions } from 'electron';
import type { ProviderView } from '../../../contract/index.ts';
import { stateFixture } from '../../../test/snapshot-fixture.ts';
import type { TrayActions, TrayMenuInput } from './menu.ts';

/** What the actions of a menu were asked for, in the order of the clicks. */
export interface RecordedActions extends TrayActions {
  readonly asked: unknown[][];
}

export function recordActions(): RecordedActions {
  const asked: unknown[][] = [];
  const record =
    (name: keyof TrayActions) =>
    (...given: unknown[]): void =>
      void asked.push([name, ...given]);
  return {
    asked,
    load: record('load'),
    cancelLoad: record('cancelLoad'),
    unload: record('unload'),
    pin: record('pin'),
    freeMemory: record('freeMemory'),
    pause: record('pause'),
    freeze: record('freeze'),
    show: record('show'),
    checkForUpdates: record('checkForUpdates'),
    installUpdate: record('installUpdate'),
    quit: record('quit'),
  };
}

export function inputFixture(change: Partial<TrayMenuInput> = {}): TrayMenuInput {
  return { state: stateFixture(), models: [], updates: null, trouble: null, platform: 'darwin', language: 'en', now: 1_000_000, times: 'countdown', timeZone: 'UTC', actions: recordActions(), ...change };
}

export function providerFixture(change: Partial<ProviderView> = {}): ProviderView {
  return { id: 'ollama', kind: 'ollama', label: 'Ollama', status: 'up', since: 0, version: null, url: null, problem: null, memory: 'host', installed: 0, advice: [], lost: [], ...change };
}

/** A menu as a person reads it: `(…)` cannot be clicked, a submenu is indented. */
export function linesOf(template: readonly MenuItemConstructorOptions[], indent = ''): string[] {
  return template.flatMap((item) => {
    if (item.type === 'separator') return [`${indent}---`];
    const tick = item.type === 'checkbox' ? (item.checked ? '[x] ' : '[ ] ') : '';
    const label = `${tick}${item.label ?? ''}`;
    return [`${indent}${item.enabled === false ? `(${label})` : label}`, ...(Array.isArray(item.submenu) ? linesOf(item.submenu, `${indent}  `) : [])];
  });
}

/** Clicks on the item with this id, as far as it can be clicked. */
export function clickOn(template: readonly MenuItemConstructorOptions[], id: string): void {
  const item = find(template, id);
  if (!item) throw new Error(`The menu has no item ${id}.`);
  if (item.enabled === false || item.submenu) throw new Error(`${id} cannot be clicked.`);
  (item.click as () => void)();
}

function find(template: readonly MenuItemConstructorOptions[], id: string): MenuItemConstructorOptions | null {
  for (const item of template) {
    if (item.id === id) return item;
    const below = Array.isArray(item.submenu) ? find(item.submenu, id) : null;
    if (below) return below;
  }
  return null;
}
