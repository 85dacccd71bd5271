import { problem, type FileFacts, type ModelTask, type Outcome, type Recommended } from '../../contract/index.ts';
import { createDeciding, type Decision } from './decide.ts';
import { identify, type FileSample } from './files/identify.ts';
import type { Sniff } from './files/sniff.ts';
import { groupFiles } from './groups.ts';
import { createJudge } from './judge.ts';
import type { RecommendPort } from './ports.ts';
import { isAsRight, isPossible } from './rank.ts';
import type { Answer } from './suggest.ts';

export interface RecommendOptions {
  /** What the files are for; default: what is usual for their kind. */
  task?: ModelTask | undefined;
  /** Online models may be chosen: what is asked of them leaves this computer. */
  allowOnline?: boolean | undefined;
}

/** What only a batch that is to be run asks for: models that nobody has to load cannot be held either. */
export interface BatchOptions extends RecommendOptions {
  heldOnly?: boolean | undefined;
}

export interface Recommender {
  recommend(files: readonly FileSample[], options?: BatchOptions): Promise<Outcome<Recommended>>;
}

/** Which model for files or a task. Without files, `task` is answered alone. */
export function createRecommender({ provider, sniff }: { provider: RecommendPort; sniff?: Sniff }): Recommender {
  const judging = createJudge(provider);

  return {
    async recommend(files, { task = undefined, allowOnline = false, heldOnly = false } = {}) {
      if (files.length === 0 && task === undefined) return { ok: false, problem: problem('bad-request', 'Neither a file nor a task was named.') };
      const [sight, settings] = await Promise.all([provider.look(), provider.settings()]);
      const choose = judging(sight);
      const deciding = createDeciding({ port: provider, sight, settings, allowOnline, heldOnly });
      const facts: (FileFacts | null)[] = files.length === 0 ? [null] : await Promise.all(files.map((file) => identify(file, sniff)));

      const answers: Answer[] = [];
      for (const file of facts) {
        const decision = await deciding.decide({ file, task: task ?? null });
        answers.push(await settle(file, decision));
      }
      return { ok: true, value: await groupFiles({ answers, sight, planFor: deciding.planFor, single: files.length === 0 }) };

      async function settle(file: FileFacts | null, decision: Decision): Promise<Answer> {
        const { ranked, rule } = decision;
        const [first] = ranked;
        if (!first || rule === null || decision.task === null) return { file, decision, ranked, accepts: [], judged: null };
        const asRight = isPossible(first) ? ranked.filter((one) => isAsRight(one, first)) : [first];
        if (first.named || !settings.withModel || file === null) return { file, decision, ranked, accepts: first.named ? [first] : asRight, judged: null };
        const judged = await choose(file, decision.task, asRight);
        const chosen = asRight.find(({ model }) => model.id === judged);
        return chosen ? { file, decision, ranked: [chosen, ...ranked.filter((one) => one !== chosen)], accepts: [chosen], judged } : { file, decision, ranked, accepts: asRight, judged: null };
      }
    },
  };
}
