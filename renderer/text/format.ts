import * as format from '../../contract/format.ts';
import { language } from './language.ts';

/* The project's formatters in the language of the screen. Everything in renderer/ takes them from here. */

export const formatBytes = (bytes: number): string => format.formatBytes(bytes, language);
export const formatDuration = (ms: number): string => format.formatDuration(ms, language);
export const formatList = (items: readonly string[]): string => format.formatList(items, language);
export const { formatCountdown } = format;
