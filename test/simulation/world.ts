import { problem, type Footprint } from '../../contract/index.ts';
import { initialState, step } from '../../main/core/step.ts';
import type { CoreEvent, Effect, LoadResult, Observed } from '../../main/core/events.ts';
import type { CoreState, KnownModel } from '../../main/core/types.ts';
import { createInvariants } from './invariants.ts';
import { available, catalogOf, makeConfig, makeWorld, mappedShare, signsOf, type Runner, type SimProvider } from './machine.ts';
import { createRandom } from './random.ts';

const GIB = 1024 ** 3;

export interface SimulationResult {
  events: number;
  loads: number;
  unloads: number;
  refusals: number;
  /** Models that went for other programs, and those that came back after that. */
  yields: number;
  returns: number;
  hash: number;
}

export class BrokenInvariant extends Error {}

interface Timed {
  at: number;
  order: number;
  run(): void;
}

/** One seeded run of `count` core events against simulated providers that delay, fail, crash, restart and load on their own. */
export function simulate(seed: number, count: number): SimulationResult {
  const random = createRandom(seed);
  const world = makeWorld(random);
  const stats = { events: 0, loads: 0, unloads: 0, refusals: 0, yields: 0, returns: 0, hash: 0 };
  const history: string[] = [];
  const agenda: Timed[] = [];
  let order = 0;
  let quietUntil = 0;
  let waiters = 0;
  const waiting = new Map<string, 'load' | 'unload'>();
  const heldLeases = new Set<string>();
  const leaseWaiters = new Set<string>();
  const queuedWaiters = new Map<string, KnownModel>();
  let config = makeConfig(random, world);
  let state: CoreState = initialState(config, world.now);
  const invariants = createInvariants(world, () => waiting);

  function later(delayMs: number, run: () => void): void {
    const item = { at: world.now + delayMs, order: order++, run };
    let i = agenda.length;
    while (i > 0 && (agenda[i - 1]!.at < item.at || (agenda[i - 1]!.at === item.at && agenda[i - 1]!.order < item.order))) i--;
    agenda.splice(i, 0, item);
  }

  function fail(message: string): never {
    throw new BrokenInvariant(`${message}\nseed ${seed}, event ${stats.events}; replay: npm run simulate:core -- --seed ${seed} --events ${count}\nlast events:\n${history.join('\n')}`);
  }

  const queue: CoreEvent[] = [];
  let busy = false;
  function feed(event: CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, 'at'> : never) : never): void {
    queue.push({ ...event, at: world.now } as CoreEvent);
    if (busy) return;
    busy = true;
    for (let next = queue.shift(); next; next = queue.shift()) {
      const before = state;
      const result = step(before, next);
      state = result.state;
      stats.events += 1;
      history.push(`${next.at} ${describe(next)} -> ${result.effects.map(describeEffect).join('; ')}`);
      if (history.length > 25) history.shift();
      stats.hash = (Math.imul(stats.hash, 31) + state.slots.size * 7 + state.jobs.size * 3 + result.effects.length + Math.floor(state.awake)) | 0;
      const broken = invariants.check(before, next, state, result.effects);
      if (broken) fail(broken);
      for (const effect of result.effects) act(effect);
    }
    busy = false;
  }

  function measure(): void {
    const resident = new Map<string, { anon: number; file: number }>();
    for (const provider of world.providers.values()) {
      if (provider.domain !== 'host' || !provider.readable) continue;
      for (const runner of provider.runners.values()) {
        const slot = state.slots.get(runner.key);
        if (slot) resident.set(runner.key, { anon: runner.real * (1 - runner.mapped), file: runner.real * runner.mapped });
      }
    }
    feed({ type: 'memory', memory: { at: world.now, total: world.total, available: available(world), cgroupLimit: null, ...signsOf(world, random), vram: [], resident } });
  }

  function act(effect: Effect): void {
    switch (effect.type) {
      case 'measure':
        return measure();
      case 'load':
        stats.loads += 1;
        return load(effect);
      case 'cancel-load': {
        for (const provider of world.providers.values()) {
          const running = provider.loading.get(effect.key);
          if (running?.op === effect.op) {
            running.cancelled = true;
            later(random.between(1, 400), () => {
              if (running.done) return;
              endLoad(provider, effect.key, effect.op, { ok: false, kind: 'cancelled', problem: problem('cancelled', 'cancelled') });
            });
          }
        }
        return;
      }
      case 'unload':
        stats.unloads += 1;
        if (state.slots.get(effect.key)?.unload?.shortage) stats.yields += 1;
        return unload(effect);
      case 'rearm': {
        const runner = world.providers.get(effect.provider)?.runners.get(effect.key);
        if (random.chance(0.2)) later(random.between(1, 500), () => feed({ type: 'rearm-failed', key: effect.key }));
        else if (runner) runner.expiresAt = Number.isFinite(effect.keepAliveMs) ? world.now + effect.keepAliveMs : null;
        return;
      }
      case 'answer-load': {
        if (waiting.get(effect.waiter) !== 'load') fail(`waiter ${effect.waiter} was answered twice, or was never there`);
        waiting.delete(effect.waiter);
        const queued = queuedWaiters.get(effect.waiter);
        queuedWaiters.delete(effect.waiter);
        if (!effect.answer.ok) {
          stats.refusals += 1;
          const broken = queued && invariants.refusedInLine(state, queued, effect.answer.problem);
          if (broken) fail(broken);
        } else if (leaseWaiters.delete(effect.waiter)) {
          if (!effect.answer.lease) fail('an answer without the lease that was asked for');
          hold(effect.answer.lease, queued !== undefined || state.leases.get(effect.answer.lease)?.ttlMs === null);
        }
        return;
      }
      case 'answer-unload':
        if (waiting.get(effect.waiter) !== 'unload') fail(`unload waiter ${effect.waiter} was answered twice, or was never there`);
        waiting.delete(effect.waiter);
        return;
      case 'lease-ended':
        heldLeases.delete(effect.lease);
        return;
      case 'load-again': {
        stats.returns += 1;
        const waiter = `w${++waiters}`;
        waiting.set(waiter, 'load');
        feed({ type: 'load-requested', waiter, modelId: effect.modelId, force: false, mayUnload: null, tryOnce: false, contextLength: null, origin: 'auto', by: 'Airdock', lease: null });
        return;
      }
      case 'learn-correction':
      case 'activity':
        return;
    }
  }

  function hold(lease: string, always: boolean): void {
    heldLeases.add(lease);
    // Most give it back; some die and never renew. What ends only by hand always does: else whoever waits for its room would wait for ever.
    if (always || random.chance(0.85)) later(random.between(10, 60_000), () => release(lease));
  }

  function release(lease: string): void {
    if (!heldLeases.delete(lease)) return;
    const key = state.leases.get(lease)?.key;
    if (key) for (const p of world.providers.values()) {
      const runner = p.runners.get(key);
      if (runner) runner.lastUsed = world.now;
    }
    feed({ type: 'lease-released', lease });
  }

  function load(effect: Extract<Effect, { type: 'load' }>): void {
    const provider = world.providers.get(effect.provider)!;
    const job = { op: effect.op, cancelled: false, done: false };
    if (provider.loading.has(effect.key)) fail(`two loads of ${effect.key} at once`);
    provider.loading.set(effect.key, job);
    const model = world.models.find((m) => m.id === effect.modelId)!;
    const real = world.realSize.get(effect.key)!;
    if (!provider.up) return later(random.between(1, 100), () => endLoad(provider, effect.key, effect.op, { ok: false, kind: 'provider-down', problem: problem('provider-down', 'down') }));
    later(random.between(5, 20_000), () => {
      if (job.done) return;
      const dice = random.next();
      const existing = provider.runners.get(effect.key);
      if (!existing && provider.domain === 'host' && real * (1 - 0.9 * mappedShare(provider)) > available(world)) {
        return endLoad(provider, effect.key, effect.op, { ok: false, kind: 'oom', problem: problem('out-of-memory', 'out of memory') });
      }
      if (dice < 0.05) return endLoad(provider, effect.key, effect.op, { ok: false, kind: 'oom', problem: problem('out-of-memory', 'out of memory') });
      if (dice < 0.1) return endLoad(provider, effect.key, effect.op, { ok: false, kind: 'failed', problem: problem('load-failed', 'crashed') });
      if (dice < 0.12) return endLoad(provider, effect.key, effect.op, { ok: false, kind: 'timeout', problem: problem('load-timeout', 'timed out'), deadlocked: provider.ownExpiry });
      const runner: Runner = existing ?? {
        key: effect.key,
        modelId: effect.modelId,
        real,
        mapped: mappedShare(provider),
        contextLength: effect.contextLength ?? 4096,
        lastUsed: null,
        busyUntil: 0,
        expiresAt: null,
        byAirdock: true,
      };
      runner.byAirdock = true;
      runner.contextLength = effect.contextLength ?? runner.contextLength;
      runner.expiresAt = provider.ownExpiry && Number.isFinite(effect.keepAliveMs) ? world.now + effect.keepAliveMs : null;
      provider.runners.set(effect.key, runner);
      provider.changes += 1;
      const measured = provider.readable;
      const footprint: Footprint = { ram: measured ? real : model.footprint.ram * 0.95, vram: {} };
      endLoad(provider, effect.key, effect.op, { ok: true, footprint, source: measured ? 'measured' : 'reported', pid: measured ? 1 : null, contextLength: runner.contextLength, device: 'cpu' });
    });
  }

  function endLoad(provider: SimProvider, key: string, op: number, result: LoadResult): void {
    const job = provider.loading.get(key);
    if (!job || job.op !== op || job.done) return;
    job.done = true;
    provider.loading.delete(key);
    // A stuck runner that was to be revived and could not be loaded again is gone.
    if (!result.ok && provider.runners.delete(key)) provider.changes += 1;
    feed({ type: 'load-ended', key, op, result });
  }

  function unload(effect: Extract<Effect, { type: 'unload' }>): void {
    const provider = world.providers.get(effect.provider)!;
    const { key, op } = effect;
    later(random.between(1, 50), () => {
      const runner = provider.runners.get(key);
      if (!runner) return feed({ type: 'unload-ended', key, op, result: { kind: 'gone' } });
      const used = runner.lastUsed !== null && effect.ifUnusedSince !== null && runner.lastUsed > effect.ifUnusedSince;
      if (effect.ifUnusedSince !== null && (used || runner.busyUntil > world.now)) {
        return feed({ type: 'unload-ended', key, op, result: { kind: 'in-use', lastUsed: runner.lastUsed } });
      }
      if (random.chance(0.02)) return feed({ type: 'unload-ended', key, op, result: { kind: 'failed', problem: problem('unload-failed', 'failed') } });
      // Some let go late, a few much too late.
      const delay = random.chance(0.05) ? random.between(15_000, 90_000) : random.between(5, 3_000) + Math.max(0, runner.busyUntil - world.now);
      later(delay, () => {
        if (provider.runners.get(key) !== runner) return feed({ type: 'unload-ended', key, op, result: { kind: 'gone' } });
        // Asked for again meanwhile: the new load keeps it.
        if (provider.loading.has(key)) return;
        const slot = state.slots.get(key);
        if (slot && slot.op !== op) return;
        provider.runners.delete(key);
        provider.changes += 1;
        feed({ type: 'unload-ended', key, op, result: { kind: 'gone' } });
      });
    });
  }

  function poll(provider: SimProvider): void {
    const asOf = state.awake;
    const changes = provider.changes;
    const listed: Observed[] = [...provider.runners.values()].map((r) => ({
      key: r.key,
      modelId: r.modelId,
      name: r.modelId,
      footprint: { ram: r.real * 0.97, vram: {} },
      contextLength: r.contextLength,
      device: 'cpu',
      pid: provider.readable ? 1 : null,
      canEnd: true,
      expiresAt: r.expiresAt,
      lastUsed: r.lastUsed,
      busy: provider.readable ? r.busyUntil > world.now : null,
    }));
    const up = provider.up;
    const incarnation = String(provider.incarnation);
    later(random.chance(0.1) ? random.between(100, 12_000) : random.between(1, 30), () => {
      feedProvider(provider, up, incarnation);
      if (!up) return;
      feed({ type: 'observed', provider: provider.id, asOf, loaded: listed });
      if (changes === provider.changes && provider.up) {
        const broken = invariants.picture(state, provider);
        if (broken) fail(broken);
      }
    });
  }

  function feedProvider(provider: SimProvider, up: boolean, incarnation: string): void {
    feed({
      type: 'provider',
      provider: {
        id: provider.id,
        status: up ? 'up' : 'absent',
        problem: up ? null : problem('provider-down', `${provider.id} is not running.`),
        domain: provider.domain,
        ownCapacity: provider.capacity,
        parallelLoads: provider.parallel,
        revivesStuck: provider.ownExpiry,
        ownExpiry: provider.ownExpiry,
        incarnation,
      },
    });
  }

  function restart(provider: SimProvider): void {
    provider.up = false;
    provider.runners.clear();
    provider.changes += 1;
    for (const [key, job] of [...provider.loading]) {
      later(random.between(1, 200), () => endLoad(provider, key, job.op, { ok: false, kind: 'provider-down', problem: problem('provider-down', 'connection lost') }));
    }
    later(random.between(500, 40_000), () => {
      provider.up = true;
      provider.incarnation += 1;
    });
  }

  function somethingHappens(): void {
    const dice = random.next();
    const provider = random.pick([...world.providers.values()]);
    const model = random.pick(world.models);
    if (dice < 0.3) ask(model);
    else if (dice < 0.38) askUnload(model);
    else if (dice < 0.43) leaveSomebody();
    else if (dice < 0.53) otherProgramLoads(provider);
    else if (dice < 0.63) otherProgramUses(provider);
    else if (dice < 0.67) otherProgramUnloads(provider);
    else if (dice < 0.675) hungryProgram();
    else if (dice < 0.678) quietWhile();
    else if (dice < 0.75) world.others = Math.min(world.total * 0.95, Math.max(GIB, world.others * random.between(0.7, 1.4)));
    else if (dice < 0.77) restart(provider);
    else if (dice < 0.8) crash(provider);
    else if (dice < 0.84) {
      config = makeConfig(random, world);
      feed({ type: 'config', config });
    } else if (dice < 0.87) {
      const mode = random.pick(['freeze', 'pause', 'hold'] as const);
      const on = random.chance(0.4);
      feed({ type: 'mode', mode, value: on ? { since: world.now, until: random.chance(0.8) ? world.now + random.between(1_000, 120_000) : null } : null });
      // Nothing is frozen for ever, or the run would have nothing to show.
      if (on) later(120_000, () => feed({ type: 'mode', mode, value: null }));
    } else if (dice < 0.9) {
      const job = random.pick([...state.jobs.keys(), '']);
      if (job) feed({ type: 'cancel-requested', key: job });
    } else if (dice < 0.93) {
      for (const lease of heldLeases) if (random.chance(0.7)) feed({ type: 'lease-renewed', lease });
    } else if (dice < 0.935) {
      const slept = random.between(60_000, 8 * 3_600_000);
      for (const item of agenda) item.at += slept;
      world.now += slept;
      feed({ type: 'resumed', sleptMs: slept });
    } else if (dice < 0.937) world.now -= random.between(0, 3_600_000) * 0;
  }

  function ask(model: KnownModel): void {
    measure();
    const waiter = `w${++waiters}`;
    waiting.set(waiter, 'load');
    // Half of all requests come from programs through the gateway, which wait in line.
    const queued = random.chance(0.5);
    const lease = queued || random.chance(0.4);
    if (lease) leaseWaiters.add(waiter);
    if (queued) queuedWaiters.set(waiter, model);
    feed({
      type: 'load-requested',
      waiter,
      modelId: random.chance(0.01) ? 'ollama/nope' : model.id,
      force: queued || random.chance(0.6),
      mayUnload: !queued && random.chance(0.1) ? [random.pick(world.models).id] : null,
      tryOnce: !queued && random.chance(0.03),
      contextLength: random.chance(0.1) ? random.pick([2048, 4096, 8192]) : null,
      origin: queued ? 'client' : random.pick(['person', 'client', 'auto']),
      by: 'sim',
      // A gateway does not die without Airdock: what it holds, it gives back.
      lease: lease ? { holder: 'sim', ttlMs: !queued && random.chance(0.8) ? 30_000 : null } : null,
      queued,
      exact: queued && random.chance(0.2),
    });
  }

  function askUnload(model: KnownModel): void {
    const waiter = `w${++waiters}`;
    waiting.set(waiter, 'unload');
    feed({ type: 'unload-requested', waiter, key: model.weights, confirm: random.chance(0.5), by: 'sim', reason: random.chance(0.7) ? 'asked' : 'idle' });
  }

  function leaveSomebody(): void {
    const waiter = [...waiting].filter(([, kind]) => kind === 'load').map(([id]) => id);
    if (waiter.length === 0) return;
    const id = random.pick(waiter);
    waiting.delete(id);
    leaseWaiters.delete(id);
    queuedWaiters.delete(id);
    feed({ type: 'waiter-left', waiter: id });
  }

  function otherProgramLoads(provider: SimProvider): void {
    if (!provider.ownExpiry || !provider.up) return;
    const model = random.pick(world.models.filter((m) => m.provider === provider.id));
    if (provider.runners.has(model.weights) || provider.loading.has(model.weights)) return;
    provider.runners.set(model.weights, {
      key: model.weights,
      modelId: model.id,
      real: world.realSize.get(model.weights)!,
      mapped: mappedShare(provider),
      contextLength: 4096,
      lastUsed: world.now,
      busyUntil: world.now + random.between(0, 20_000),
      expiresAt: world.now + 300_000,
      byAirdock: false,
    });
    provider.changes += 1;
  }

  function otherProgramUses(provider: SimProvider): void {
    const runner = random.pick([...provider.runners.values(), null]);
    if (!runner || !provider.ownExpiry) return;
    runner.busyUntil = world.now + random.between(0, 30_000);
    later(runner.busyUntil - world.now, () => {
      runner.lastUsed = world.now;
      if (runner.expiresAt !== null) runner.expiresAt = world.now + 300_000;
    });
  }

  function otherProgramUnloads(provider: SimProvider): void {
    const runner = random.pick([...provider.runners.values(), null]);
    if (!runner || !provider.ownExpiry || provider.loading.has(runner.key)) return;
    provider.runners.delete(runner.key);
    provider.changes += 1;
  }

  /** Another program takes nearly all there is, bit by bit, and gives it back after a while. */
  function hungryProgram(): void {
    const taken = available(world) * random.between(0.7, 1.05);
    const steps = random.pick([1, 5, 20]);
    const end = random.between(5_000, 8 * 60_000);
    for (let i = 0; i < steps; i++) {
      later((end / 2 / steps) * i, () => (world.others = Math.min(world.total, world.others + taken / steps)));
      later(end + (end / 2 / steps) * i, () => (world.others = Math.max(GIB, world.others - taken / steps)));
    }
  }

  /** For some minutes nobody asks for anything, and other programs come and go. */
  function quietWhile(): void {
    if (world.now < quietUntil) return;
    quietUntil = world.now + random.between(3, 6) * 60_000;
    hungryProgram();
  }

  function crash(provider: SimProvider): void {
    const runner = random.pick([...provider.runners.values(), null]);
    if (!runner || provider.ownExpiry) return;
    provider.runners.delete(runner.key);
    provider.changes += 1;
    feed({ type: 'crashed', key: runner.key, problem: problem('internal', 'killed') });
  }

  function tick(): void {
    measure();
    feed({ type: 'tick' });
    later(random.pick([200, 1_000, 1_000, 5_000]), tick);
  }

  function pollAll(): void {
    for (const provider of world.providers.values()) poll(provider);
    later(random.between(1_000, 5_000), pollAll);
  }

  function live(): void {
    if (world.now >= quietUntil) somethingHappens();
    else if (random.chance(0.002)) hungryProgram();
    later(random.between(1, 3_000), live);
  }

  feed({ type: 'catalog', catalog: catalogOf(world.models) });
  for (const provider of world.providers.values()) feedProvider(provider, provider.up, '0');
  measure();
  tick();
  pollAll();
  live();
  const runUntil = (end: () => boolean) => {
    while (!end()) {
      const next = agenda.pop();
      if (!next) break;
      world.now = Math.max(world.now, next.at);
      next.run();
    }
  };
  runUntil(() => stats.events >= count);

  // Nothing new comes: whoever waits must get an answer in bounded time.
  const quiet = world.now + 10 * 60_000;
  for (let i = agenda.length - 1; i >= 0; i--) if (agenda[i]!.run === live) agenda.splice(i, 1);
  feed({ type: 'mode', mode: 'freeze', value: null });
  runUntil(() => world.now >= quiet);
  if (waiting.size > 0) fail(`${waiting.size} waiters never got an answer: ${[...waiting.keys()].slice(0, 5).join(', ')}`);
  if (state.jobs.size > 0) fail(`jobs are left: ${[...state.jobs.keys()].join(', ')}`);
  return stats;
}

function describe(event: CoreEvent): string {
  const { at: _, type, ...rest } = event;
  if (type === 'catalog' || type === 'config') return type;
  return `${type} ${JSON.stringify(rest, (_key, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value)).slice(0, 300)}`;
}

function describeEffect(effect: Effect): string {
  return effect.type === 'activity' ? `“${effect.entry.text}”` : JSON.stringify(effect).slice(0, 200);
}
