import { problem } from '../../../contract/index.ts';
import type { CatalogModel } from '../../providers/provider.ts';
import type { Call } from '../call.ts';
import type { GatewayParts } from '../deps.ts';
import { isUnderstood } from '../find-model.ts';
import { memberOf } from '../json-edit.ts';
import { passToOllama } from '../pass.ts';
import { readCall } from '../read-call.ts';
import type { RequestBody } from '../read-request.ts';
import { refuse, refuseAndHangUp } from '../refuse.ts';

/** What a change does to the weights that its name has now. */
const changes: Readonly<Record<string, 'deletes' | 'replaces' | 'leaves'>> = {
  '/api/delete': 'deletes',
  '/api/pull': 'replaces',
  '/api/create': 'replaces',
  '/api/copy': 'replaces',
  '/api/push': 'leaves',
};

/** Who may use models may not delete or replace them: that takes the key. */
export function mayChange({ ports }: GatewayParts, call: Call): boolean {
  if (ports.hasKey(call.request.headers)) return true;
  const hint = 'Send the file "key" of the data folder as "Authorization: Bearer …"; Airdock’s settings show it under “For apps”.';
  const cause = problem('unauthorized', `${call.request.method} ${call.path} changes what is installed and needs Airdock’s key.`, hint);
  if (call.request.headers['content-length'] === undefined && call.request.headers['transfer-encoding'] === undefined) refuse(call, { problem: cause });
  else refuseAndHangUp(call, { problem: cause });
  return false;
}

/** Deleting, pulling, making and copying: first the model leaves memory, then Ollama does it, then the list is looked at anew. */
export async function answerManagement(parts: GatewayParts, call: Call): Promise<void> {
  if (!mayChange(parts, call)) return;
  const read = await readCall(parts, call);
  if (read === null) return;
  const { body } = read;

  await parts.ports.models.whenKnown();
  const change = changes[call.path] ?? 'leaves';
  const text = (name: string): string => {
    const value = body.json === null ? null : memberOf(body.json, name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const name = call.path === '/api/copy' ? text('destination') : text('model') || text('name');
  const target = installedAs(parts, name);
  if (target === 'elsewhere') {
    const cause = problem('bad-request', `"${name}" is not a model of Ollama, so it is not ${change === 'deletes' ? 'deleted' : 'changed'} here.`, 'Airdock leaves model files in your folders alone.');
    return refuse(call, { problem: cause });
  }
  const keepsWeights = call.path === '/api/copy' && target !== null && sameWeights(parts, text('source'), target);
  if (target === null || change === 'leaves' || keepsWeights) return void (await passChange(parts, call, { body, name, target, change }));
  // A download takes its time, and until its end the old weights are as good as they were; the other changes are over in a moment.
  const reopen = call.path === '/api/pull' ? null : parts.finder.close(target.weights);
  try {
    const gone = await parts.ports.uses.unloadFirst(target.id, call.client.name);
    if (!gone.ok) return refuse(call, gone);
    await passChange(parts, call, { body, name, target, change });
  } finally {
    reopen?.();
  }
}

interface Change {
  body: RequestBody;
  name: string;
  target: CatalogModel | null;
  change: 'deletes' | 'replaces' | 'leaves';
}

async function passChange(parts: GatewayParts, call: Call, { body, name, target, change }: Change): Promise<void> {
  if (call.path === '/api/pull' && name !== '') parts.ports.pullBegins?.(target?.providerName ?? name, call.client.name);
  const renamed = target !== null && call.path !== '/api/copy' && body.model !== '' && !isUnderstood(name, target, 'ollama');
  const outcome = await passToOllama(parts, call, { body: renamed ? body.renamed(target.providerName).bytes : body.bytes });
  if (change === 'leaves') return;
  // Also a pull that was broken off may have changed something.
  parts.finder.lookAgain();
  if (outcome === 'answered' && change === 'deletes' && target !== null) {
    const { id: model, provider } = target;
    parts.ports.note({ kind: 'notice', reason: 'asked', text: `${target.providerName} was deleted from Ollama by ${call.client.name}.`, model, name: target.providerName, provider, by: call.client.name });
  }
}

/** The model that now has this name at Ollama; `elsewhere`: a model of another provider is meant. */
function installedAs({ ports }: GatewayParts, name: string): CatalogModel | 'elsewhere' | null {
  if (name === '') return null;
  const own = ports.models.ollama()?.provider;
  const exact = ports.models.installed().find((model) => model.provider === own && isUnderstood(name, model, 'ollama'));
  if (exact) return exact;
  const found = ports.models.resolve(name);
  if (!found.ok) return null;
  // A name in a folder does not keep Ollama from having a model of that name; an id says which is meant.
  const id = found.model.id.toLowerCase();
  if (id !== name.toLowerCase() && id !== `${name.toLowerCase()}:latest`) return null;
  return found.model.provider === own ? found.model : 'elsewhere';
}

function sameWeights(parts: GatewayParts, source: string, target: CatalogModel): boolean {
  const from = installedAs(parts, source);
  return from !== null && from !== 'elsewhere' && from.weights === target.weights;
}
