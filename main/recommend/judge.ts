import { z } from 'zod';
import type { FileFacts, ModelTask } from '../../contract/index.ts';
import { abilitiesOf, billionsOf, isHelper } from './facts.ts';
import type { Candidate } from './rank.ts';
import type { RecommendPort, Sight } from './ports.ts';

/** Who is asked about more than that chooses worse, and takes longer. */
const MOST = 5;
/** A MIME type and the models to choose from. */
const MOST_KEPT = 256;
const WAIT_MS = 20_000;

const answerSchema = z.object({ model: z.number().int().min(1).max(MOST) });

/**
 * Lets a model that is in memory choose among models that the rules found right. It learns the kind of file, not its name nor anything in it. Whatever
 * goes wrong, the rules' choice stands.
 */
export function createJudge(port: Pick<RecommendPort, 'ask'>) {
  const kept = new Map<string, Promise<string | null>>();

  async function ask(asked: string, prompt: string, choice: readonly Candidate[]): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), WAIT_MS)));
    try {
      const answer = await Promise.race([port.ask?.(asked, prompt) ?? null, late]);
      return choice[(readAnswer(answer ?? '') ?? 0) - 1]?.model.id ?? null;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** For one batch: who has given no answer once is not asked again for the next thousand files of it. */
  return function forBatch(sight: Sight) {
    const asked = port.ask === undefined ? null : judgeOf(sight);
    let hasFailed = false;

    /** The id of the model that was chosen; null: nobody was there to ask, or the answer was none. */
    return async function choose(file: FileFacts, task: ModelTask, candidates: readonly Candidate[]): Promise<string | null> {
      const choice = candidates.slice(0, MOST);
      if (asked === null || choice.length < 2) return null;
      const key = JSON.stringify([file.mime, task, ...choice.map(({ model }) => model.id).sort()]);
      const known = kept.get(key);
      if (known !== undefined || hasFailed) return known ?? null;
      const answer = ask(asked, promptFor(file, task, choice), choice);
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
      kept.set(key, answer);
      if ((await answer) === null) {
        hasFailed = true;
        kept.delete(key);
      }
      return answer;
    };
  };
}

/** The largest model in memory that writes text, is idle, and runs here. */
function judgeOf({ models, loaded }: Sight): string | null {
  const free = new Set(loaded.filter(({ state, inUse }) => state === 'ready' && !inUse).map(({ id }) => id));
  const able = models.filter((model) => free.has(model.id) && !model.online && !model.sample && model.fit.kind === 'loaded' && !isHelper(model) && abilitiesOf(model).has('completion'));
  return able.sort((a, b) => billionsOf(b) - billionsOf(a))[0]?.id ?? null;
}

function promptFor(file: FileFacts, task: ModelTask, choice: readonly Candidate[]): string {
  const lines = choice.map(({ model }, index) => `${index + 1}. ${model.name}: ${[model.parameterSize, model.quantization, model.family, [...abilitiesOf(model)].join(' ')].filter(Boolean).join(', ')}`);
  return [
    `Which of these models suits best for a file of the type ${file.mime}${file.language === null ? '' : ` (${file.language})`}? The task is "${task}".`,
    ...lines,
    'Answer with JSON and nothing else, for example {"model": 1}.',
  ].join('\n');
}

/** The number in the answer's first JSON object; models like to put words around it. */
export function readAnswer(answer: string): number | null {
  for (const [text] of answer.matchAll(/\{[^{}]*\}/g)) {
    try {
      const read = answerSchema.safeParse(JSON.parse(text));
      if (read.success) return read.data.model;
    } catch {
      // The next one may be JSON.
    }
  }
  return null;
}
