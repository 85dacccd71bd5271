import { activity } from './de/activity.ts';
import { apps } from './de/apps.ts';
import { memory } from './de/memory.ts';
import { models } from './de/models.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import type { Text } from './text.ts';

/** The German texts: the same parts as the English ones (en.ts), all of them. */
export const de = { ...shell, ...memory, ...models, ...activity, ...settings, ...apps } satisfies Text;
