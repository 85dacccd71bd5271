import { existsSync } from 'node:fs';
import path from 'node:path';
import { problem, textTable, type Config } from '../../../contract/index.ts';
import { createSettingsTree, isObject } from '../../config/settings-tree.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { printJson, refuse } from '../report.ts';
import { factAt, flatten, readSetting, settingText, valueAt } from '../settings.ts';

export async function get(context: Context): Promise<Exit> {
  const [key = 'all'] = context.args;
  const manager = await context.airdock();
  const { config, problem: wrong } = await manager.call('configGet', {});
  // The file is broken: what is printed is what is in force all the same.
  if (wrong) context.terminal.note(wrong.message);
  const at = key === 'all' ? [] : createSettingsTree().resolve(key);
  if (at === null) return refuse(context, noSuchSetting(key));
  const value = valueAt(config, at);
  if (context.json) printJson(context, value ?? null);
  else if (isObject(value)) context.terminal.print(textTable(flatten(value, at.join('.')).map(([name, one]) => [name, settingText(one)])).join('\n'));
  else context.terminal.print(settingText(value));
  await tellPortInUse(context, at, value);
  return exits.done;
}

/** The setting is for the next start; the port of this one may have been given by hand, or be any free one. */
async function tellPortInUse(context: Context, at: readonly string[], value: unknown): Promise<void> {
  if (at.join('.') !== 'gateway.port') return;
  const { port } = new URL((await context.connection()).url);
  if (port !== String(value)) context.terminal.note(`Airdock answers on port ${port} at present; the setting counts at its next start, unless that names another one (--port).`);
}

export async function set(context: Context): Promise<Exit> {
  const [key = '', ...typed] = context.args;
  const at = createSettingsTree().resolve(key);
  if (at === null) return refuse(context, noSuchSetting(key));
  const manager = await context.airdock();
  const { config } = await manager.call('configGet', {});
  const value = readSetting(typed, factAt(at)?.kind ?? null);
  const outcome = await manager.call('configSet', { set: change(config, key, at, value) });
  if (!outcome.ok) return refuse(context, outcome.problem);
  const now = valueAt(outcome.value.config, at);
  if (context.json) printJson(context, now ?? null);
  else context.terminal.print(`${key} is ${settingText(now)}.`);
  tellMissingFolders(context, at, outcome.value.config);
  return exits.done;
}

/** They may come later, with a disk that is not connected: that is no mistake, but a misspelt one would never be noticed. */
function tellMissingFolders({ terminal }: Context, at: readonly string[], { models }: Config): void {
  if (at.join('.') !== 'models.directories') return;
  for (const folder of models.directories) if (!existsSync(folder)) terminal.note(`The folder ${folder} is not there at present.`);
}

export async function where(context: Context): Promise<Exit> {
  const file = path.join(context.dataDir, 'config.json');
  if (context.json) printJson(context, { path: file });
  else context.terminal.print(file);
  return exits.done;
}

/** Null takes a key away; where null itself is a value that differs from the default, it is written with the group around it. */
function change(config: Config, key: string, at: readonly string[], value: unknown): Record<string, unknown> {
  const fact = factAt(at);
  const isValue = value === null && fact?.kind.type === 'number' && fact.kind.nullable && fact.default !== null;
  if (!isValue) return { [key]: value };
  const group = at.slice(0, -1);
  const before = valueAt(config, group);
  return { [group.join('.')]: { ...(isObject(before) ? before : {}), [at.at(-1) ?? '']: null } };
}

function noSuchSetting(key: string) {
  const meant = createSettingsTree().suggest(key);
  return problem('bad-config', `There is no setting ${key}.`, meant === null ? '"airdock config get" lists them all.' : `Did you mean ${meant}?`);
}
