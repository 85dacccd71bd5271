import os from 'node:os';
import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { formatBytes, formatList, type InstalledModel, type LoadedModel, type Outcome } from '../contract/index.ts';
import type { Airdock } from './airdock.ts';
import { startAirdock } from './app.ts';
import { dataDirectory } from './data/data-directory.ts';
import { createMemoryReader } from './memory/reader.ts';
import type { Resident } from './memory/memory.ts';

const IDLE_SECONDS = 3;
/** A process may need a moment to end. */
const RETURN_MS = 10_000;

/** What the OS counts: independent of anything that Airdock books. */
interface Counted {
  available: number;
  processes: ReadonlyMap<number, Resident>;
}

let failures = 0;

function say(text = ''): void {
  console.log(text);
}

function heading(text: string): void {
  say(`\n── ${text} ${'─'.repeat(Math.max(2, 70 - text.length))}`);
}

/** A step that has to hold: the demo's exit code tells whether all did. */
function check(holds: boolean, text: string): void {
  if (!holds) failures += 1;
  say(`  ${holds ? '✓' : '✗ NOT SO:'} ${text}`);
}

async function main(): Promise<void> {
  const base = dataDirectory({ env: process.env, platform: process.platform, home: os.homedir(), override: undefined });
  const dataDir = path.join(base, 'demo');
  await mkdir(dataDir, { recursive: true });
  // The demo's own settings: what is loaded by a running Airdock is none of its business.
  await writeFile(path.join(dataDir, 'config.json'), JSON.stringify({ models: { max_concurrent_loaded: 2, auto_unload_idle: true, idle_timeout_seconds: 300 } }, null, 2));
  const started = await startAirdock({ dataDir, port: 0, by: 'demo', onFault: (fault) => console.error(fault) });
  if (!started.ok) {
    console.error(`The demo could not start: ${started.problem.message}`);
    process.exitCode = 1;
    return;
  }
  try {
    await tell(started.airdock);
  } finally {
    await started.airdock.close();
  }
  heading(failures === 0 ? 'Every step did what it says' : `${failures} steps did not do what they say`);
  process.exitCode = failures === 0 ? 0 : 1;
}

async function tell(airdock: Airdock): Promise<void> {
  const { manager, operations } = airdock;
  const context = { signal: new AbortController().signal, caller: 'demo' };
  const reader = createMemoryReader();
  const count = async (pids: number[]): Promise<Counted> => {
    await reader.refresh(pids);
    return reader.read(pids);
  };

  heading('System resources');
  const first = await manager.getStatus();
  const memory = first.state.memory;
  say(`  ${os.type()} ${os.release()}, ${os.cpus().length} cores, ${formatBytes(os.totalmem())} RAM`);
  if (memory) say(`  ${formatBytes(memory.free)} free for models, ${formatBytes(memory.otherPrograms)} held by other programs`);

  heading('Configuration');
  const { config } = await operations.configGet({}, context);
  say(`  max_concurrent_loaded ${config.models.max_concurrent_loaded} · auto_unload_idle ${config.models.auto_unload_idle} · idle_timeout_seconds ${config.models.idle_timeout_seconds}`);

  heading('Models');
  const chosen = await chooseModels(airdock, context);
  const [a, b, c] = chosen;
  if (!a || !b || !c) {
    check(false, 'three models are there');
    return;
  }
  for (const model of chosen) say(`  ${model.name}: ${formatBytes(model.sizeBytes)} on disk, needs about ${formatBytes(model.footprint.ram)}${model.sample ? ' (sample: random weights)' : ''}`);
  await manager.printStatus((text) => say(indent(text)));

  heading(`Load ${a.name}, then ${b.name}`);
  for (const model of [a, b]) await loadAndCount(airdock, model, count);
  await manager.printStatus((text) => say(indent(text)));

  heading(`Ask for ${c.name}: the limit`);
  const plan = await manager.canLoadModel(c.name);
  say(`  canLoadModel: ${plan.ok ? plan.value.sentence : plan.problem.message}`);
  const refused = await manager.loadModel(c.name);
  check(!refused.ok && refused.problem.code === 'needs-room', `without force it is refused: ${refused.ok ? 'it was loaded' : refused.problem.message}`);
  check((await names(airdock)).join() === [a.name, b.name].sort().join(), 'nothing was unloaded');

  heading(`Load ${c.name} with force: room is made`);
  const before = await loadedByName(airdock, a.name);
  const pidsBefore = pidsOf([before]);
  const heldBefore = await count(pidsBefore);
  const forced = await manager.loadModel(c.name, { force: true });
  check(forced.ok, forced.ok ? `loaded in ${(forced.value.tookMs / 1000).toFixed(1)} s, unloaded ${formatList(forced.value.unloaded.map((u) => u.name))}` : forced.problem.message);
  check((await names(airdock)).join() === [b.name, c.name].sort().join(), `in memory now: ${(await names(airdock)).join(', ')} (the least recently used went)`);
  await countReturn(`${a.name}'s`, pidsBefore, heldBefore, count);
  await manager.printStatus((text) => say(indent(text)));

  heading('Use: a model in use is not unloaded');
  await manager.use(b.name, async (model) => {
    say(`  ${model.name} says: ${JSON.stringify((await model.generate('The quick brown fox', { maxTokens: 8 })).slice(0, 60))}`);
    const wanted = await manager.unloadModel(b.name);
    check(!wanted.ok && wanted.problem.code === 'in-use', `unloading it meanwhile: ${wanted.ok ? wanted.value.text : wanted.problem.message}`);
  });

  heading(`Cleanup: idle for ${IDLE_SECONDS} s`);
  const loaded = await manager.getLoadedModels();
  const pids = pidsOf(loaded);
  const held = await count(pids);
  const idle = new Promise<void>((resolve) => {
    const gone = new Set<string>();
    const off = manager.on('activity', (entry) => {
      if (entry.kind !== 'unloaded' || entry.reason !== 'idle' || !entry.name) return;
      say(`  ${entry.text}`);
      gone.add(entry.name);
      if (gone.size < loaded.length) return;
      off();
      resolve();
    });
  });
  const set = await operations.configSet({ set: { 'models.idle_timeout_seconds': IDLE_SECONDS } }, context);
  check(set.ok, 'the new idle timeout applies at once');
  const inTime = await Promise.race([idle.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 30_000))]);
  check(inTime, 'both models were unloaded by themselves');
  check((await names(airdock)).length === 0, 'no model is in memory');
  await countReturn('their', pids, held, count);
  await manager.printStatus((text) => say(indent(text)));
  reader.close();
}

/** Ollama's three smallest where it runs with nothing in memory, else samples. */
async function chooseModels(airdock: Airdock, context: { signal: AbortSignal; caller: string }): Promise<InstalledModel[]> {
  const { manager, operations } = airdock;
  await operations.plan({ model: 'is anything there?' }, context);
  const { models, state } = await manager.getStatus();
  const free = state.memory?.free ?? 0;
  const ollama = distinct(models.filter((m) => m.provider === 'ollama' && m.problem === null && m.capabilities.includes('completion')));
  const three = ollama.slice(0, 3);
  if (three.length === 3 && state.loaded.length === 0 && three.reduce((sum, m) => sum + m.footprint.ram, 0) < free) {
    say('  Ollama runs: its three smallest models are used.');
    return three;
  }
  say(three.length < 3 ? '  Ollama is not running, or has fewer than three models: samples are used.' : '  Ollama is in use: samples are used beside it.');
  await operations.configSet({ set: { 'providers.ollama.enabled': false } }, context);
  if (!models.some((m) => m.sample)) say('  Making sample models (once, about 640 MB on disk) …');
  const made: Outcome<{ text: string }> = await operations.makeSamples({}, context);
  if (!made.ok) {
    check(false, made.problem.message);
    return [];
  }
  return distinct((await manager.getStatus()).models.filter((m) => m.sample)).slice(0, 3);
}

function distinct(models: readonly InstalledModel[]): InstalledModel[] {
  const byWeights = new Map(models.map((m) => [m.weights, m]));
  return [...byWeights.values()].sort((x, y) => x.sizeBytes - y.sizeBytes);
}

async function loadAndCount(airdock: Airdock, model: InstalledModel, count: (pids: number[]) => Promise<Counted>): Promise<void> {
  const before = await count([]);
  const result = await airdock.manager.loadModel(model.name);
  check(result.ok, result.ok ? `${model.name} was loaded in ${(result.value.tookMs / 1000).toFixed(1)} s` : result.problem.message);
  if (!result.ok) return;
  const pids = pidsOf([result.value.model]);
  const after = await count(pids);
  const held = sum(after);
  say(`    available ${formatBytes(before.available)} → ${formatBytes(after.available)}${pids.length > 0 ? `; its process holds ${formatBytes(held)}` : ''}, booked ${formatBytes(result.value.model.ramUsed)}`);
  const taken = pids.length > 0 ? held : before.available - after.available;
  check(taken > model.sizeBytes * 0.8, `the OS counts ${formatBytes(taken)} for a file of ${formatBytes(model.sizeBytes)}`);
}

/** The processes are gone and what they held alone can be had again. */
async function countReturn(whose: string, pids: number[], before: Counted, count: (pids: number[]) => Promise<Counted>): Promise<void> {
  const held = sum(before);
  const anonymous = [...before.processes.values()].reduce((total, p) => total + p.anon, 0);
  const deadline = Date.now() + RETURN_MS;
  let after = await count(pids);
  while (pids.length > 0 && after.processes.size > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    after = await count(pids);
  }
  if (pids.length === 0) {
    say(`    available ${formatBytes(before.available)} → ${formatBytes(after.available)}`);
    return;
  }
  check(after.processes.size === 0, `${whose} processes ended: the OS counts ${formatBytes(held)} less for them (${formatBytes(anonymous)} of it theirs alone)`);
  say(`    available ${formatBytes(before.available)} → ${formatBytes(after.available)}`);
}

function sum(counted: Counted): number {
  return [...counted.processes.values()].reduce((total, p) => total + p.anon + p.file, 0);
}

function pidsOf(models: readonly (LoadedModel | undefined)[]): number[] {
  return models.flatMap((m) => (m?.pid == null ? [] : [m.pid]));
}

async function loadedByName(airdock: Airdock, name: string): Promise<LoadedModel | undefined> {
  return (await airdock.manager.getLoadedModels()).find((m) => m.name === name);
}

async function names(airdock: Airdock): Promise<string[]> {
  return (await airdock.manager.getLoadedModels()).filter((m) => m.state === 'ready').map((m) => m.name).sort();
}

function indent(text: string): string {
  return text.trimEnd().split('\n').map((line) => `  ${line}`).join('\n');
}

main().catch((fault: unknown) => {
  console.error(fault);
  process.exitCode = 1;
});
