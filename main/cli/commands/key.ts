import { openAiServerSchema, problem, textTable, toProblem, type OpenAiServer } from '../../../contract/index.ts';
import { systemKeychain } from '../../keychain/keychain.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { readSecret } from '../read-secret.ts';
import { printJson, refuse } from '../report.ts';

export async function set(context: Context): Promise<Exit> {
  const { terminal } = context;
  const id = serverId(context);
  if (id === null) return refuse(context, noId(context));
  const key = terminal.hasPipedInput ? await terminal.readInput() : await readSecret(`Key for ${id} (it is not shown): `, process.stdin, process.stderr);
  if (key === null) return exits.interrupted;
  const kept = await systemKeychain(context.env).set(id, key);
  if (!kept.ok) return refuse(context, kept.problem);
  const servers = await tell(context, id);
  const hint = servers === null ? null : advice(id, servers);
  if (context.json) printJson(context, { id, kept: true, ...(hint === null ? {} : { hint }) });
  else terminal.print(`The keychain holds the key for ${id}.${hint === null ? '' : `\n${hint}`}`);
  return exits.done;
}

export async function remove(context: Context): Promise<Exit> {
  const id = serverId(context);
  if (id === null) return refuse(context, noId(context));
  const removed = await systemKeychain(context.env).remove(id);
  if (!removed.ok) return refuse(context, removed.problem);
  if (!removed.value) return refuse(context, problem('not-found', `The keychain holds no key for ${id}.`));
  await tell(context, id);
  if (context.json) printJson(context, { id, removed: true });
  else context.terminal.print(`The keychain no longer holds the key for ${id}.`);
  return exits.done;
}

export async function list(context: Context): Promise<Exit> {
  const manager = await context.airdock();
  const { config } = await manager.call('configGet', {});
  const keychain = systemKeychain(context.env);
  const rows: { id: string; variable: string | null; keychain: boolean; kept: boolean | null }[] = [];
  // One after the other: a locked keychain asks its owner once.
  for (const server of config.providers.openai) {
    const { id, key_env: variable, keychain: used } = server;
    const answer = used ? await keychain.get(id) : null;
    if (answer?.ok === false) return refuse(context, answer.problem);
    rows.push({ id, variable, keychain: used, kept: answer === null ? null : answer.value !== null });
  }
  if (context.json) printJson(context, rows);
  else if (rows.length === 0) context.terminal.print('The settings have no server under providers.openai.');
  else context.terminal.print(textTable(rows.map(({ id, variable, kept }) => [id, [variable === null ? null : `the variable ${variable}`, kept === null ? null : kept ? 'the keychain' : 'the keychain, which holds none yet'].filter((one) => one !== null).join(', else ') || 'no key'])).join('\n'));
  return exits.done;
}

const serverId = ({ args }: Context): string | null => {
  const read = openAiServerSchema.shape.id.safeParse(args[0]);
  return read.success ? read.data : null;
};

const noId = ({ args }: Context) => problem('bad-request', `${args[0] ?? ''} is no id of a server.`, 'Name it as "id" under providers.openai does: small letters, digits, and . _ -');

/** A running Airdock asks the keychain again at once. Gives the servers of its settings; null: none runs. */
async function tell(context: Context, id: string): Promise<readonly OpenAiServer[] | null> {
  try {
    const manager = await context.airdock();
    await manager.call('keyChanged', { id });
    return (await manager.call('configGet', {})).config.providers.openai;
  } catch (error) {
    // The keychain has it all the same.
    const why = toProblem(error);
    if (why.code !== 'not-running') context.terminal.note(`The running Airdock could not be told: ${why.message}`);
    return null;
  }
}

/** What is still to be done in the settings, if anything. */
function advice(id: string, servers: readonly OpenAiServer[]): string | null {
  const server = servers.find((one) => one.id === id);
  if (server === undefined) return `The settings have no server ${id} under providers.openai yet: give it "keychain": true there.`;
  if (!server.keychain) return `It is not used yet: give ${id} "keychain": true under providers.openai.`;
  return server.key_env === null ? null : `Where the variable ${server.key_env} is set, that counts before it.`;
}
