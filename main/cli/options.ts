import type { Option } from './command.ts';

/** Of every command that has something to tell. */
export const json: Option = { help: 'print data instead of words' };
