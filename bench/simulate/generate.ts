import { mulberry32 } from './draw.ts';
import type { Request } from './trace.ts';

export const patterns = ['loop', 'pipeline'] as const;
export interface Pattern {
  kind: (typeof patterns)[number];
  models: number;
  requests: number;
  /** Share of requests that are for something else in between, and for how many other models. */
  noise: number;
  others: number;
  seed: number;
}

/** One request a minute: each model in turn. In a `pipeline`, an agent's chain, some requests are for other models, drawn at random, after which the chain goes on. */
export function generate({ kind, models, requests, noise, others, seed }: Pattern): Request[] {
  const random = mulberry32(seed);
  let stage = 0;
  return Array.from({ length: requests }, (_, i) => {
    const aside = random() < (kind === 'pipeline' ? noise : 0);
    const model = aside ? `other-${Math.floor(random() * others)}` : `stage-${stage++ % models}`;
    return { at: i * 60_000, user: 'generated', model };
  });
}

/** As a file that can be replayed again, here or by another program. */
export function asTrace(requests: readonly Request[]): string {
  return ['t_seconds,user,model,exec_seconds', ...requests.map(({ at, user, model }) => `${at / 1000},${user},${model},0`), ''].join('\n');
}
