import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it behaves like. plain: a service of which only OpenAI's routes are known. */
export type OpenAiKind = 'plain' | 'llama-router' | 'llama-single' | 'lm-studio' | 'lm-studio-old' | 'vllm' | 'vllm-sleeps';

export interface FakeOpenAiOptions {
  kind?: OpenAiKind;
  models?: readonly FakeModel[];
  /** Requests must show it. */
  key?: string;
  /** The path in the place of "/v1". */
  base?: string;
  /** How long a load takes, ms. */
  loadMs?: number;
}

export interface FakeModel {
  name: string;
  /** Where its file lies, as the router of llama.cpp tells. */
  path?: string;
  sizeBytes?: number;
  loaded?: boolean;
}

interface State extends FakeModel {
  status: 'unloaded' | 'loading' | 'loaded' | 'sleeping';
  failed: boolean;
  instances: { id: string; contextLength: number }[];
  timer: NodeJS.Timeout | null;
}

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

/** Small servers of the kinds that speak OpenAI's language, over real sockets, with what goes wrong with them. */
export class FakeOpenAi {
  readonly requests: Seen[] = [];
  readonly models: Map<string, State>;
  /** Answers to what comes next, instead of its own; 'hang': none at all. */
  fault: { status: number; body: string } | 'hang' | null = null;
  /** Chats break off after their first piece. */
  cutStreams = false;
  /** The next load fails. */
  failLoads = false;
  asleep = false;
  /** It answers somebody just now. */
  busy = false;
  url = '';
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private readonly hanging: ServerResponse[] = [];

  private readonly options: Required<Omit<FakeOpenAiOptions, 'key'>> & { key: string | null };

  constructor(options: FakeOpenAi['options']) {
    this.options = options;
    this.models = new Map(options.models.map((model) => [model.name, fresh(model)]));
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  get baseUrl(): string {
    return `${this.url}${this.options.base}`;
  }

  async close(): Promise<void> {
    for (const { timer } of this.models.values()) if (timer) clearTimeout(timer);
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Lets what hangs go on. */
  release(): void {
    this.fault = null;
    for (const response of this.hanging.splice(0)) this.list(response);
  }

  /** As its own window, or another program, would do it. */
  load(name: string): void {
    const model = this.models.get(name)!;
    model.status = 'loaded';
    model.instances = [{ id: name, contextLength: 4096 }];
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = await json(request);
    this.requests.push({ method: request.method ?? '', path, headers: request.headers, body });
    if (this.fault === 'hang') return void this.hanging.push(response);
    if (this.fault) return void response.writeHead(this.fault.status, { 'content-type': 'text/html' }).end(this.fault.body);
    const { key, base } = this.options;
    const shown = request.headers.authorization;
    if (key !== null && shown !== `Bearer ${key}`) {
      return send(response, 401, { error: { message: `Incorrect API key provided: ${shown ?? ''}.`, type: 'invalid_request_error', param: null, code: 'invalid_api_key' } });
    }
    if (request.method === 'GET' && path === `${base}/models`) return this.list(response);
    if (request.method === 'POST' && path.split('?')[0] === `${base}/chat/completions`) return this.chat(response, body);
    if (this.own(request.method ?? '', path, body, response)) return;
    // LM Studio answers 200 to what it does not know.
    if (this.options.kind.startsWith('lm-studio')) return send(response, 200, { error: `Unexpected endpoint or method. (${request.method} ${path})` });
    if (this.options.kind.startsWith('vllm')) return send(response, 404, { detail: 'Not Found' });
    return send(response, 404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } });
  }

  private list(response: ServerResponse): void {
    const owners: Record<OpenAiKind, string> = { plain: 'someone', 'llama-router': 'llamacpp', 'llama-single': 'llamacpp', 'lm-studio': 'organization_owner', 'lm-studio-old': 'organization_owner', vllm: 'vllm', 'vllm-sleeps': 'vllm' };
    const { kind } = this.options;
    const data = [...this.models.values()].map((model) => ({
      id: model.name,
      object: 'model',
      created: 1_700_000_000,
      owned_by: owners[kind],
      ...(kind.startsWith('vllm') ? { max_model_len: 8192 } : {}),
      ...(kind === 'llama-single' ? { meta: { n_ctx_train: 32_768, n_ctx: 2048, size: model.sizeBytes } } : {}),
      ...(kind === 'llama-router' ? routerEntry(model) : {}),
    }));
    send(response, 200, { object: 'list', data });
  }

  private own(method: string, path: string, body: Record<string, unknown>, response: ServerResponse): boolean {
    const { kind, base } = this.options;
    const root = base.replace(/\/v1$/, '');
    const is = (wanted: string, at: string): boolean => method === wanted && path === `${root}${at}`;
    const named = this.models.get(String(body['model'] ?? ''));
    if (kind === 'llama-router') {
      if (is('GET', '/models')) return done(this.list(response));
      if (method === 'GET' && path.startsWith(`${root}/slots?`)) return done(this.slots(response, path));
      if (is('POST', '/models/load')) return done(this.routerLoad(response, named));
      if (is('POST', '/models/unload')) return done(this.routerUnload(response, named));
    }
    if (kind === 'lm-studio') {
      if (is('GET', '/api/v1/models')) return done(send(response, 200, { models: [...this.models.values()].map(lmStudioEntry) }));
      if (is('POST', '/api/v1/models/load')) return done(this.lmStudioLoad(response, named, body));
      if (is('POST', '/api/v1/models/unload')) return done(this.lmStudioUnload(response, String(body['instance_id'])));
    }
    if (kind === 'lm-studio-old' && is('GET', '/api/v0/models')) {
      const data = [...this.models.values()].map(({ name, instances }) => ({ id: name, object: 'model', type: 'llm', arch: 'llama', quantization: 'Q4_K_M', state: instances.length > 0 ? 'loaded' : 'not-loaded', max_context_length: 8192 }));
      return done(send(response, 200, { object: 'list', data }));
    }
    if (kind === 'vllm-sleeps') {
      if (is('GET', '/is_sleeping')) return done(send(response, 200, { is_sleeping: this.asleep }));
      if (is('POST', '/sleep?level=2')) this.asleep = true;
      else if (is('POST', '/wake_up?tags=kv_cache')) this.asleep = false;
      else if (!is('POST', '/wake_up?tags=weights') && !is('POST', '/collective_rpc')) return false;
      return done(void response.writeHead(200).end());
    }
    return false;
  }

  private slots(response: ServerResponse, path: string): void {
    const model = this.models.get(new URLSearchParams(path.split('?')[1]).get('model') ?? '');
    if (model?.status !== 'loaded' && model?.status !== 'sleeping') return send(response, 400, refusal('model is not loaded'));
    // Whoever is asked wakes up.
    model.status = 'loaded';
    send(response, 200, [{ id: 0, is_processing: false }, { id: 1, is_processing: this.busy }]);
  }

  private routerLoad(response: ServerResponse, model: State | undefined): void {
    if (!model) return send(response, 404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } });
    if (model.status !== 'unloaded') return send(response, 400, refusal('model is already running'));
    model.status = 'loading';
    model.failed = false;
    const fails = this.failLoads;
    model.timer = setTimeout(() => {
      model.status = fails ? 'unloaded' : 'loaded';
      model.failed = fails;
    }, this.options.loadMs);
    send(response, 200, { success: true });
  }

  private routerUnload(response: ServerResponse, model: State | undefined): void {
    if (!model) return send(response, 400, refusal('model is not found'));
    if (model.status === 'unloaded') return send(response, 400, refusal('model is not running'));
    if (model.timer) clearTimeout(model.timer);
    send(response, 200, { success: true });
    // A load that is broken off counts as one that failed.
    const brokenOff = model.status === 'loading';
    model.timer = setTimeout(() => {
      model.status = 'unloaded';
      model.failed = brokenOff;
    }, 5);
  }

  private lmStudioLoad(response: ServerResponse, model: State | undefined, body: Record<string, unknown>): void {
    if (!model) return send(response, 404, { error: { type: 'model_not_found', message: 'Model not found' } });
    if (this.failLoads) return send(response, 500, { error: { type: 'model_load_failed', message: 'Failed to load model: insufficient memory' } });
    model.timer = setTimeout(() => {
      const id = model.instances.length === 0 ? model.name : `${model.name}:${model.instances.length + 1}`;
      model.instances.push({ id, contextLength: Number(body['context_length'] ?? 4096) });
      send(response, 200, { type: 'llm', instance_id: id, load_time_seconds: 0.1, status: 'loaded' });
    }, this.options.loadMs);
  }

  private lmStudioUnload(response: ServerResponse, id: string): void {
    for (const model of this.models.values()) {
      if (!model.instances.some((one) => one.id === id)) continue;
      model.instances = model.instances.filter((one) => one.id !== id);
      return send(response, 200, { instance_id: id });
    }
    send(response, 404, { error: { type: 'not_found', message: 'No such instance' } });
  }

  private chat(response: ServerResponse, body: Record<string, unknown>): void {
    if (body['stream'] !== true) {
      const choices = [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }];
      return send(response, 200, { id: 'c1', object: 'chat.completion', model: body['model'], choices, usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[{"delta":{"content":"hel"}}]}\n\n');
    if (this.cutStreams) return void setImmediate(() => response.destroy());
    response.write('data: {"choices":[{"delta":{"content":"lo"}}]}\n\n');
    response.end('data: [DONE]\n\n');
  }
}

/** On a port of its own. */
export const startFakeOpenAi = ({ kind = 'plain', models = [], key, base = '/v1', loadMs = 20 }: FakeOpenAiOptions = {}, port = 0): Promise<FakeOpenAi> =>
  new FakeOpenAi({ kind, models, key: key ?? null, base, loadMs }).listen(port);

function fresh(model: FakeModel): State {
  const loaded = model.loaded ?? false;
  return { ...model, status: loaded ? 'loaded' : 'unloaded', failed: false, instances: loaded ? [{ id: model.name, contextLength: 4096 }] : [], timer: null };
}

/** As llama.cpp 0c1e570 (0.5.0) tells it: the file stands among the arguments, and what only a loaded model knows in `meta`. */
function routerEntry({ name, path, sizeBytes, status, failed }: State): object {
  const args = ['/usr/bin/llama-server', '--host', '127.0.0.1', '--port', '0', '--alias', name, '--ctx-size', '4096', '--model', path ?? `/models/${name}.gguf`];
  return {
    aliases: [],
    tags: [],
    status: { value: status, args, preset: `[${name}]\nctx-size = 4096\n`, ...(failed ? { exit_code: 1, failed: true } : {}) },
    architecture: { input_modalities: ['text'], output_modalities: ['text'] },
    source: 'models_dir',
    can_remove: false,
    ...(status === 'loaded' || status === 'sleeping' ? { meta: { vocab_type: 2, n_ctx: 4096, n_ctx_train: 8192, size: sizeBytes } } : {}),
  };
}

const refusal = (message: string): object => ({ error: { code: 400, message, type: 'invalid_request_error' } });

function lmStudioEntry({ name, sizeBytes, instances }: State): unknown {
  return {
    type: 'llm', publisher: 'someone', key: name, display_name: name, architecture: 'llama', quantization: { name: 'Q4_K_M', bits_per_weight: 4 }, size_bytes: sizeBytes, params_string: '7B',
    loaded_instances: instances.map(({ id, contextLength }) => ({ id, config: { context_length: contextLength } })),
    max_context_length: 8192, format: 'gguf', capabilities: { vision: true, trained_for_tool_use: false }, description: null,
  };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const done = (_answered: void): true => true;

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece as string;
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
