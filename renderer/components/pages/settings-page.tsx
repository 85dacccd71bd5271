import { text } from '../../text/text.ts';
import { Section } from '../section.tsx';

/** What can be set. */
export function SettingsPage() {
  return <Section title={text.settings.title}>{null}</Section>;
}
