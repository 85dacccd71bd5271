import type { Guard } from './notes.ts';
import type { ManagerFigures } from './ports.ts';

/** What `/metrics` counts about requests, and its text in Prometheus' form. */
export interface Metrics {
  answered(route: string, status: number, clientKind: string): void;
  waited(ms: number, loaded: boolean): void;
  text(now: { answering: number; waiting: number; guards: ReadonlyMap<Guard, number>; figures: ManagerFigures }): string;
}

/** Seconds. A model in memory is there at once; loads take from seconds to minutes. */
const waitBuckets = [0.005, 0.05, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

export function createMetrics(): Metrics {
  const requests = new Map<string, { route: string; status: number; client: string; count: number }>();
  const buckets = waitBuckets.map(() => 0);
  const waits = { count: 0, seconds: 0, loads: 0 };

  return {
    answered(route, status, clientKind) {
      const key = `${route} ${status} ${clientKind}`;
      const counted = requests.get(key);
      if (counted) counted.count++;
      else requests.set(key, { route, status, client: clientKind, count: 1 });
    },
    waited(ms, loaded) {
      const seconds = ms / 1000;
      waits.count++;
      waits.seconds += seconds;
      if (loaded) waits.loads++;
      const bucket = waitBuckets.findIndex((limit) => seconds <= limit);
      if (bucket !== -1) buckets[bucket]!++;
    },
    text({ answering, waiting, guards, figures: { loads, unloads, models, memory } }) {
      let upTo = 0;
      const histogram = [
        ...waitBuckets.map((limit, i) => `airdock_wait_seconds_bucket${labels({ le: String(limit) })} ${(upTo += buckets[i]!)}`),
        `airdock_wait_seconds_bucket{le="+Inf"} ${waits.count}`,
        `airdock_wait_seconds_sum ${waits.seconds}`,
        `airdock_wait_seconds_count ${waits.count}`,
      ];
      const each = (name: string, values: Iterable<readonly [string, number]>): string[] => [...values].map(([label, value]) => `${name}${label} ${value}`);
      return [
        family('airdock_requests_total', 'counter', 'Requests that were answered or given up, by route, status and kind of client.', each('airdock_requests_total', [...requests.values()].map(({ route, status, client, count }) => [labels({ route, status: String(status), client }), count] as const))),
        family('airdock_requests_answering', 'gauge', 'Requests for models that are being answered.', [`airdock_requests_answering ${answering}`]),
        family('airdock_requests_waiting', 'gauge', 'Requests that wait for their model.', [`airdock_requests_waiting ${waiting}`]),
        family('airdock_wait_seconds', 'histogram', 'How long requests waited for their model.', histogram),
        family('airdock_requests_loading_total', 'counter', 'Requests for which a model was loaded.', [`airdock_requests_loading_total ${waits.loads}`]),
        family('airdock_guards_total', 'counter', 'Requests that were changed before they were passed on, by what was changed.', each('airdock_guards_total', [...guards].map(([guard, count]) => [labels({ guard }), count] as const))),
        family('airdock_loads_total', 'counter', 'Loads that ended, by result.', each('airdock_loads_total', [[labels({ result: 'done' }), loads.done], [labels({ result: 'failed' }), loads.failed]])),
        family('airdock_load_seconds_total', 'counter', 'Seconds that loads took.', [`airdock_load_seconds_total ${loads.seconds}`]),
        family('airdock_unloads_total', 'counter', 'Models that left memory, by reason.', each('airdock_unloads_total', Object.entries(unloads).map(([reason, count]) => [labels({ reason }), count] as const))),
        family('airdock_model_ram_bytes', 'gauge', 'RAM that is counted for a model in memory.', each('airdock_model_ram_bytes', models.map(({ name, provider, ram }) => [labels({ model: name, provider }), ram] as const))),
        family('airdock_model_vram_bytes', 'gauge', 'VRAM that is counted for a model in memory.', each('airdock_model_vram_bytes', models.map(({ name, provider, vram }) => [labels({ model: name, provider }), vram] as const))),
        family('airdock_memory_capacity_bytes', 'gauge', 'Memory that the machine can give models altogether.', memory ? [`airdock_memory_capacity_bytes ${memory.capacity}`] : []),
        family('airdock_memory_free_bytes', 'gauge', 'Memory that is free for models.', memory ? [`airdock_memory_free_bytes ${memory.free}`] : []),
      ].join('');
    },
  };
}

function family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

function labels(values: Readonly<Record<string, string>>): string {
  const escaped = Object.entries(values).map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`);
  return `{${escaped.join(',')}}`;
}
