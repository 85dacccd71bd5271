import { defaultConfig, problem, type Outcome } from '../../contract/index.ts';
import { whoAnswers, type WhoAnswers } from '../web/who-answers.ts';
import { doAll, type Run } from './actions.ts';
import { forgetBefore, readBefore, writeBefore, type Before } from './record.ts';
import { setupOf, type Machine, type Setup } from './setup.ts';
import { environmentIn, environmentQuery, stepsToMove, throughAirdock, stepsToMoveBack, type Step } from './steps.ts';

export interface OllamaPortDeps {
  dataDir: string;
  machine: Machine;
  settings: {
    /** `gateway.port` and `providers.ollama.host` as they are in force or in the file. */
    current(): Promise<Outcome<{ port: number; host: string | null }>>;
    /** As the operation configSet: null removes a key. */
    set(set: Record<string, unknown>): Promise<Outcome<unknown>>;
  };
  run: Run;
  now(): number;
  /** Default: 11434, which clients know, and 11435. */
  ports?: { known: number; moved: number };
}

export interface PortsReport {
  known: { port: number; who: WhoAnswers };
  moved: { port: number; who: WhoAnswers };
  setup: Setup;
  /** Airdock on the known port, Ollama on the other, and the settings say so too. */
  taken: boolean;
  /** There is something to give back. */
  remembered: boolean;
  /** What was found, in a sentence. */
  text: string;
  /** What still goes past Airdock although it has the port, and what helps; null: nothing is known to. */
  past: string | null;
}

/** How far it is: what was done just now, and what a person has to do before asking again. `done`: nothing is left, and both ports were asked. */
export interface Progress {
  done: boolean;
  /** As in the report, once it is done. */
  past: string | null;
  did: string[];
  todo: Step[];
}

export interface OllamaPort {
  check(): Promise<Outcome<PortsReport>>;
  /** Goes as far as it can towards Airdock on Ollama's port. Asked again after a person did what was left, it goes on from there. */
  take(): Promise<Outcome<Progress>>;
  /** The same, back to how things were. */
  giveBack(): Promise<Outcome<Progress>>;
}

const restartAirdock: Step = { text: 'End Airdock and start it again: its port changes with a start.', actions: null, commands: [] };

/** Puts Airdock where clients look for Ollama, and Ollama beside it, so that no client needs changing. Reversible: what was before is kept in the data folder. */
export function createOllamaPort({ dataDir, machine, settings, run, now, ports = { known: 11434, moved: 11435 } }: OllamaPortDeps): OllamaPort {
  const setup = setupOf(machine);
  const movedHost = `http://127.0.0.1:${ports.moved}`;
  const ask = async (): Promise<{ known: WhoAnswers; moved: WhoAnswers }> => {
    const [known, moved] = await Promise.all([whoAnswers('127.0.0.1', ports.known), whoAnswers('127.0.0.1', ports.moved)]);
    return { known, moved };
  };

  /** Does what needs nobody; a person does the rest. */
  async function go(steps: readonly Step[], did: string[]): Promise<Outcome<Progress>> {
    const todo: Step[] = [];
    for (const step of steps) {
      if (step.actions === null) {
        todo.push(step);
        continue;
      }
      const acted = await doAll(step.actions, run);
      if (!acted.ok) return acted;
      did.push(step.text);
    }
    return { ok: true, value: { done: false, past: null, did, todo } };
  }

  function pastOf(): string | null {
    const command = throughAirdock(setup, ports.known);
    return command && `The "ollama" command goes past Airdock, to port ${ports.moved}: the OLLAMA_HOST that moves Ollama is for every program. In a terminal this lets it go through Airdock: ${command}`;
  }

  /** What is to be given back one day; what was remembered earlier stays. */
  async function remember(current: { port: number; host: string | null }): Promise<Outcome<null>> {
    if ((await readBefore(dataDir)) !== null) return { ok: true, value: null };
    const query = environmentQuery(setup);
    const asked = query === null ? null : await run(query);
    // A variable that is not there is a failure to Windows' tool.
    const environment = asked?.ok ? environmentIn(setup, asked.value) : null;
    return writeBefore(dataDir, { takenAt: new Date(now()).toISOString(), gatewayPort: current.port, ollamaHost: current.host, environment });
  }

  async function check(): Promise<Outcome<PortsReport>> {
    const current = await settings.current();
    if (!current.ok) return current;
    const { known, moved } = await ask();
    const taken = known.kind === 'airdock' && moved.kind === 'ollama' && current.value.port === ports.known && current.value.host === movedHost;
    const text = `Port ${ports.known}: ${words(known)}. Port ${ports.moved}: ${words(moved)}.`;
    return { ok: true, value: { known: { port: ports.known, who: known }, moved: { port: ports.moved, who: moved }, setup, taken, remembered: (await readBefore(dataDir)) !== null, text, past: taken ? pastOf() : null } };
  }

  async function take(): Promise<Outcome<Progress>> {
    const current = await settings.current();
    if (!current.ok) return current;
    const { known, moved } = await ask();
    if (moved.kind === 'airdock' || moved.kind === 'other') return taken(ports.moved, moved);
    if (known.kind === 'other') return taken(ports.known, known);
    const kept = await remember(current.value);
    if (!kept.ok) return kept;
    if (moved.kind === 'nobody') return go(stepsToMove(setup, machine, ports.moved), []);
    if (known.kind === 'ollama') {
      return { ok: false, problem: problem('already-running', `An Ollama answers on port ${ports.moved}, and another one on port ${ports.known}.`, `End the one on port ${ports.known}, and ask again.`) };
    }

    const did: string[] = [];
    if (current.value.port !== ports.known || current.value.host !== movedHost) {
      const set = await settings.set({ 'gateway.port': ports.known, 'providers.ollama.host': movedHost });
      if (!set.ok) return set;
      did.push(`Settings: gateway.port is ${ports.known}, providers.ollama.host is ${movedHost}.`);
    }
    const done = known.kind === 'airdock';
    return { ok: true, value: { done, past: done ? pastOf() : null, did, todo: done ? [] : [restartAirdock] } };
  }

  async function giveBack(): Promise<Outcome<Progress>> {
    const current = await settings.current();
    if (!current.ok) return current;
    const kept = await readBefore(dataDir);
    if (kept === null && current.value.port !== ports.known && current.value.host !== movedHost) {
      return { ok: false, problem: problem('not-found', `Airdock has not taken port ${ports.known}: there is nothing to give back.`) };
    }
    const before: Before = kept ?? { takenAt: '', gatewayPort: defaultConfig.gateway.port, ollamaHost: null, environment: null };
    const { known, moved } = await ask();
    if (known.kind === 'other') return taken(ports.known, known);

    const did: string[] = [];
    if (current.value.port === ports.known && before.gatewayPort !== ports.known) {
      const port = before.gatewayPort === defaultConfig.gateway.port ? null : before.gatewayPort;
      const set = await settings.set({ 'gateway.port': port });
      if (!set.ok) return set;
      did.push(`Settings: gateway.port is ${before.gatewayPort} again.`);
    }
    // Ollama cannot have its port while Airdock is there.
    if (known.kind === 'airdock') return { ok: true, value: { done: false, past: null, did, todo: [restartAirdock] } };
    if (known.kind === 'nobody') return go(stepsToMoveBack(setup, machine, before.environment), did);
    if (moved.kind === 'ollama') {
      return { ok: false, problem: problem('already-running', `An Ollama answers on port ${ports.known}, and another one still on port ${ports.moved}.`, `End the one on port ${ports.moved}, and ask again.`) };
    }
    if (current.value.host === movedHost) {
      const set = await settings.set({ 'providers.ollama.host': before.ollamaHost });
      if (!set.ok) return set;
      did.push(before.ollamaHost === null ? 'Settings: Ollama is found by itself again.' : `Settings: providers.ollama.host is ${before.ollamaHost} again.`);
    }
    await forgetBefore(dataDir);
    return { ok: true, value: { done: true, past: null, did, todo: [] } };
  }

  return { check, take, giveBack };
}

function taken(port: number, who: WhoAnswers): { ok: false; problem: ReturnType<typeof problem> } {
  return { ok: false, problem: problem('bad-config', `Port ${port} is taken: ${words(who)}.`, 'End that program, and ask again. Nothing was changed.') };
}

function words(who: WhoAnswers): string {
  switch (who.kind) {
    case 'airdock':
      return 'Airdock answers';
    case 'ollama':
      return `Ollama ${who.version} answers`;
    case 'nobody':
      return 'nobody answers';
    case 'other':
      return 'another program answers';
  }
}
