import type { Activity } from '../../../contract/index.ts';
import { useDashboard, useNavigation } from '../../store/dashboard.tsx';
import { language } from '../../text/language.ts';
import { text } from '../../text/text.ts';
import { entrySentence } from '../../view/entry-sentence.ts';

/** An entry in one sentence, in which its model leads to its place in the list of models. */
export function EntryText({ entry, link = false }: { entry: Activity; link?: boolean }) {
  const newcomer = useDashboard((state) => (entry.forModel === null ? null : (state.models.find(({ id }) => id === entry.forModel)?.name ?? entry.forModel)));
  const installed = useDashboard((state) => link && entry.model !== null && state.models.some(({ id }) => id === entry.model));
  const { show } = useNavigation();
  const { words, own } = entrySentence(entry, newcomer);
  const lang = own && language !== 'en' ? 'en' : undefined;
  const at = installed && entry.name !== null ? words.indexOf(entry.name) : -1;
  if (at === -1 || entry.name === null) return <p lang={lang} className="min-w-0 [overflow-wrap:anywhere]">{words}</p>;
  return (
    <p lang={lang} className="min-w-0 [overflow-wrap:anywhere]">
      {words.slice(0, at)}
      <a
        href="#/models"
        title={text.activity.showModel(entry.name)}
        className="font-medium underline decoration-line-strong underline-offset-2 hover:decoration-current"
        onClick={(event) => {
          event.preventDefault();
          show({ page: 'models', activity: null, model: entry.model });
        }}
      >
        {entry.name}
      </a>
      {words.slice(at + entry.name.length)}
    </p>
  );
}
