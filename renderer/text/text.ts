import { en } from './en.ts';

/** Every text on the screen. A translation is another object of this type. */
export type Text = typeof en;

export const text: Text = en;
