import type { Problem } from '../../contract/index.ts';
import { text } from '../text/text.ts';

/** A problem in words: what is the matter, and what to do. */
export function ProblemText({ problem }: { problem: Problem }) {
  const { message, hint, detail } = text.problemWords(problem);
  return (
    <>
      <p className="font-medium">{message}</p>
      {hint !== null && <p className="mt-0.5 text-muted">{hint}</p>}
      {detail !== null && (
        <p lang="en" className="mt-0.5 text-sm text-muted">
          {detail}
        </p>
      )}
    </>
  );
}

/** The same in one line, under a control. */
export function ProblemLine({ problem }: { problem: Problem }) {
  const { message, hint, detail } = text.problemWords(problem);
  return (
    <>
      {[message, hint].filter(Boolean).join(' ')}
      {detail !== null && <span lang="en"> {detail}</span>}
    </>
  );
}
