import { activity } from './en/activity.ts';
import { apps } from './en/apps.ts';
import { memory } from './en/memory.ts';
import { models } from './en/models.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';

/** The English texts, by the part of the screen where they stand. Values that change come in as arguments; nothing else on the screen is made of words. */
export const en = { ...shell, ...memory, ...models, ...activity, ...settings, ...apps };
