import type { Recommended } from '../../../contract/index.ts';
import { useFilesText } from '../../text/files.ts';
import type { FileQuestion } from '../../view/file-question.ts';
import { shownNames } from './shown-names.ts';

/** What no model is right for, each reason once. */
export function FilesLeft({ question, recommended }: { question: FileQuestion; recommended: Recommended | null }) {
  const words = useFilesText();
  const reasons = new Map<string, string[]>();
  const add = (why: string, name: string) => reasons.set(why, [...(reasons.get(why) ?? []), name]);
  for (const index of recommended?.left ?? []) {
    const { file, task, reason } = recommended?.recommendations[index] ?? {};
    const why = (file == null ? undefined : words.why[file.kind]) ?? (task == null ? reason : words.cannot[task]);
    if (why !== undefined) add(why, question.names[index] ?? '');
  }
  for (const name of question.unreadable) add(words.unreadable, name);
  if (reasons.size === 0) return null;
  return (
    <li className="px-4 py-3.5 sm:px-5">
      <h3 className="font-semibold text-muted">{words.none}</h3>
      <ul className="mt-0.5 text-sm">
        {[...reasons].map(([why, names]) => (
          <li key={why} className="wrap-anywhere">
            {words.about(shownNames(words, names), why)}
          </li>
        ))}
      </ul>
    </li>
  );
}
