import type { Problem } from '../../contract/index.ts';

/** A problem in words: what is the matter, and what to do. */
export function ProblemText({ problem }: { problem: Problem }) {
  return (
    <>
      <p className="font-medium">{problem.message}</p>
      {problem.hint !== undefined && <p className="mt-0.5 text-muted">{problem.hint}</p>}
    </>
  );
}
