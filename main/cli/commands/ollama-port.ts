import { runProgram } from '../../takeover/actions.ts';
import { createOllamaPort, type OllamaPort, type Progress } from '../../takeover/ollama-port.ts';
import { thisMachine } from '../../takeover/setup.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { printJson, refuse } from '../report.ts';

async function ollamaPort(context: Context): Promise<OllamaPort> {
  const manager = await context.airdock();
  return createOllamaPort({
    dataDir: context.dataDir,
    machine: thisMachine(),
    settings: {
      current: async () => {
        const { config, problem } = await manager.call('configGet', {});
        return problem === null ? { ok: true, value: { port: config.gateway.port, host: config.providers.ollama.host } } : { ok: false, problem };
      },
      set: (set) => manager.call('configSet', { set }),
    },
    run: runProgram,
    now: Date.now,
  });
}

export async function check(context: Context): Promise<Exit> {
  const report = await (await ollamaPort(context)).check();
  if (!report.ok) return refuse(context, report.problem);
  const { text, taken, remembered, past } = report.value;
  const state = taken ? 'Airdock has Ollama’s port.' : remembered ? 'Half way: "airdock ollama-port take" goes on, "airdock ollama-port give-back" goes back.' : 'Airdock has not taken Ollama’s port.';
  if (context.json) printJson(context, report.value);
  else context.terminal.print([text, state, ...(past === null ? [] : [past])].join('\n'));
  return exits.done;
}

export async function move(context: Context, way: 'take' | 'giveBack'): Promise<Exit> {
  const moved = await (await ollamaPort(context))[way]();
  if (!moved.ok) return refuse(context, moved.problem);
  if (context.json) printJson(context, moved.value);
  else tell(context, moved.value, way);
  return moved.value.done ? exits.done : exits.refused;
}

/** What was done is the answer; what is left is why it is not done yet. */
function tell({ terminal, command }: Context, { done, past, did, todo }: Progress, way: 'take' | 'giveBack'): void {
  for (const line of did) terminal.print(line);
  if (done) {
    terminal.print(way === 'take' ? 'Done: Airdock answers on Ollama’s port, and Ollama beside it.' : 'Done: Ollama has its port back.');
    if (past !== null) terminal.print(past);
    return;
  }
  const steps = todo.map(({ text, commands }) => [text, ...commands.map((line) => `    ${line}`)].join('\n'));
  terminal.note([...steps, `Then "airdock ${command.name}" once more: it looks what came of it and goes on.`].join('\n\n'));
}
