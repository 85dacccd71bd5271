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
  const { words, own, detail } = entrySentence(entry, newcomer);
  const at = installed && entry.name !== null ? words.indexOf(entry.name) : -1;
  return (
    <div className="min-w-0 [overflow-wrap:anywhere]">
      <p lang={own && language !== 'en' ? 'en' : undefined}>
        {at === -1 || entry.name === null ? (
          words
        ) : (
          <>
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
          </>
        )}
      </p>
      {detail !== null && (
        <p lang="en" className="text-[13px] text-muted">
          {detail}
        </p>
      )}
    </div>
  );
}
