import { text } from '../../text/text.ts';
import { valueWords } from '../../view/settings-words.ts';
import type { Setting } from './use-setting.ts';

/** Said to somebody who is typing while the setting has changed elsewhere. */
export const meanwhileWords = ({ key, value }: Setting): string => text.settings.value.meanwhile(valueWords(key, value));
