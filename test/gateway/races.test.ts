import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, open, startGateway, until, type RunningGateway } from './fixture.ts';

const chat = (model: string, tokens = 6): { path: string; body: Record<string, unknown> } => ({
  path: '/api/chat',
  body: { model, messages: [{ role: 'user', content: 'hi' }], options: { num_ctx: 4096, num_predict: tokens } },
});

/** A request that is being answered, until `leave` is called. */
async function streaming(running: RunningGateway, model: string, tokens = 500): Promise<{ leave(): void; broken: Promise<void> }> {
  const leaving = new AbortController();
  const response = await open(running.port, { ...chat(model, tokens), signal: leaving.signal });
  const broken = new Promise<void>((resolve) => response.once('error', () => resolve()));
  await new Promise<void>((resolve) => response.once('data', () => resolve()));
  return { leave: () => leaving.abort(), broken };
}

const states = ({ gateway }: RunningGateway): string[] => gateway.requests().requests.map(({ name, state }) => `${name} ${state}`);
const statusOf = (asked: Promise<{ status: number }>): Promise<number | string> => asked.then(({ status }) => status, () => 'left');

describe('a client that leaves', () => {
  it('in mid-stream: Ollama is told at once, and the model is free', async () => {
    const running = await startGateway({ ollama: { tokensPerSecond: 50 } });
    const { leave } = await streaming(running, 'a');
    expect(states(running)).toEqual(['a answering']);
    leave();
    await until(() => running.fake.runners()[0]?.inUse === 0);
    expect(running.ports.held()).toBe(0);
    expect(states(running)).toEqual([]);
  });

  it('while it waits in line: its place is given up, and its model is never loaded', async () => {
    const running = await startGateway({ ollama: { tokensPerSecond: 50 }, ports: { places: 1 } });
    const { leave } = await streaming(running, 'a');
    const impatient = new AbortController();
    const left = statusOf(ask(running.port, { ...chat('b'), signal: impatient.signal }));
    await until(() => running.ports.waiting() === 1);
    expect(states(running)).toEqual(['a answering', 'b waiting']);
    impatient.abort();
    expect(await left).toBe('left');
    await until(() => running.ports.waiting() === 0);
    expect(states(running)).toEqual(['a answering']);
    leave();
    await until(() => running.ports.held() === 0);
    expect(running.ports.loads).toEqual(['a:latest']);
  });

  it('while its model is looked for: nothing is loaded for it', async () => {
    const running = await startGateway();
    let known = (): void => undefined;
    const looked = new Promise<void>((resolve) => (known = resolve));
    let asked = 0;
    running.ports.models.whenKnown = () => (asked++, looked);
    const impatient = new AbortController();
    const left = statusOf(ask(running.port, { ...chat('a'), signal: impatient.signal }));
    await until(() => asked === 1);
    impatient.abort();
    expect(await left).toBe('left');
    // The connection's end has been noticed when the request is counted.
    while (!(await ask(running.port, { method: 'GET', path: '/metrics' })).text.includes('status="499"'));
    known();
    running.ports.models.whenKnown = () => Promise.resolve();
    expect((await ask(running.port, chat('b'))).status).toBe(200);
    expect(running.ports.loads).toEqual(['b:latest']);
  });

  it('who waits for Ollama to say which model is meant stands in the line: shown, counted, and for no longer than everybody', async () => {
    const running = await startGateway();
    const { port, settings, ports, gateway } = running;
    let answer = (): void => undefined;
    ports.models.lookAgain = () => new Promise((resolve) => (answer = resolve));
    const first = ask(port, chat('new'));
    await until(() => states(running).length === 1);
    expect(gateway.requests().requests).toMatchObject([{ name: 'new', state: 'waiting', answeringSince: null }]);
    settings.queue_limit = 1;
    expect(await ask(port, chat('newer'))).toMatchObject({ status: 503, json: { error: expect.stringContaining('Too many requests wait') as string } });
    ports.advance(settings.wait_limit_seconds * 1000 + 1);
    expect(await first).toMatchObject({ status: 503, json: { error: expect.stringContaining('was not free within') as string } });
    expect(states(running)).toEqual([]);
    const second = ask(port, chat('new'));
    await until(() => states(running).length === 1);
    gateway.endWaiting();
    expect((await second).status).toBe(503);
    answer();
  });

  it('while its model loads: the request never reaches Ollama', async () => {
    const running = await startGateway();
    const go = running.fake.pauseLoads();
    const impatient = new AbortController();
    const left = statusOf(ask(running.port, { ...chat('a'), signal: impatient.signal }));
    await until(() => running.fake.loading() !== null);
    impatient.abort();
    expect(await left).toBe('left');
    await until(() => running.ports.waiting() === 0);
    go();
    await running.fake.until(() => running.fake.loading() === null);
    expect(running.fake.requests.some(({ path }) => path === '/api/chat')).toBe(false);
    expect(running.ports.held()).toBe(0);
  });

  it('in the middle of its own request: nothing was asked for', async () => {
    const running = await startGateway();
    const socket = connect(running.port, '127.0.0.1');
    socket.write('POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"model":"a"');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.destroy();
    expect((await ask(running.port, chat('b'))).status).toBe(200);
    expect(running.ports.loads).toEqual(['b:latest']);
    expect(running.ports.faults).toEqual([]);
  });
});

describe('a line', () => {
  it('many requests for one model share its load', async () => {
    const running = await startGateway();
    const go = running.fake.pauseLoads();
    const all = Array.from({ length: 10 }, () => ask(running.port, chat('a')));
    await until(() => running.ports.waiting() === 10);
    go();
    for (const { status, text } of await Promise.all(all)) expect([status, text.includes('"done":true')]).toEqual([200, true]);
    expect(running.fake.loadsStarted).toHaveLength(1);
    await until(() => running.ports.held() === 0);
  });

  it('a load that fails answers everyone who waited for it, in the manager’s words', async () => {
    const running = await startGateway();
    running.fake.failNextLoad('crash');
    const go = running.fake.pauseLoads();
    const all = Array.from({ length: 10 }, () => ask(running.port, chat('a')));
    await until(() => running.ports.waiting() === 10);
    go();
    for (const { status, json } of await Promise.all(all)) {
      expect(status).toBe(500);
      expect(json['error']).toContain('a:latest could not be loaded');
    }
    expect(states(running)).toEqual([]);
  });

  it('what is in memory does not wait behind a swap', async () => {
    const running = await startGateway();
    await ask(running.port, chat('a'));
    const go = running.fake.pauseLoads();
    const swap = ask(running.port, chat('b'));
    await until(() => running.fake.loading() !== null);
    expect((await ask(running.port, chat('a'))).status).toBe(200);
    go();
    expect((await swap).status).toBe(200);
  });

  it('that is full refuses with Retry-After who would have to wait, and nobody else', async () => {
    const running = await startGateway({ ollama: { tokensPerSecond: 50 }, ports: { places: 1 } });
    running.settings.queue_limit = 2;
    const { leave } = await streaming(running, 'a', 40);
    const waiting = [ask(running.port, chat('b')), ask(running.port, chat('c'))];
    await until(() => running.ports.waiting() === 2);
    const refused = await ask(running.port, chat('b'));
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.json['error']).toContain('Too many requests wait for their models (2).');
    expect((await ask(running.port, chat('a', 2))).status).toBe(200);
    leave();
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
  });

  it('nobody waits for longer than the limit', async () => {
    const running = await startGateway({ ollama: { tokensPerSecond: 50 }, ports: { places: 1 } });
    const { leave } = await streaming(running, 'a');
    running.settings.wait_limit_seconds = 0.05;
    const late = await ask(running.port, { path: '/v1/chat/completions', body: { model: 'b', messages: [{ role: 'user', content: 'hi' }] } });
    expect(late.status).toBe(503);
    expect(late.headers['retry-after']).toBe('10');
    expect(late.json).toEqual({ error: { message: expect.stringContaining('not free within 0.05 s') as string, type: 'api_error', param: null, code: 'load-timeout' } });
    expect(running.ports.waiting()).toBe(0);
    leave();
  });

  it('is told when Airdock ends, and running answers break off', async () => {
    const running = await startGateway({ ollama: { tokensPerSecond: 50 }, ports: { places: 1 } });
    const { broken } = await streaming(running, 'a');
    const waiting = ask(running.port, chat('b'));
    await until(() => running.ports.waiting() === 1);
    running.gateway.close();
    expect(await waiting).toMatchObject({ status: 503, json: { error: 'Airdock is ending. Try again when it runs.' } });
    await broken;
    await until(() => running.ports.held() === 0);
  });

  it('64 streams at once all come whole, and every use is given back', async () => {
    const running = await startGateway();
    const all = await Promise.all(Array.from({ length: 64 }, (_, i) => ask(running.port, chat(i % 2 === 0 ? 'a' : 'b', 12))));
    for (const { status, text } of all) {
      expect(status).toBe(200);
      expect(text.trim().split('\n')).toHaveLength(13);
    }
    await until(() => running.ports.held() === 0);
    expect(running.fake.loadsStarted).toHaveLength(2);
    expect(running.ports.faults).toEqual([]);
  });
});

describe('while a client waits', () => {
  const openai = { path: '/v1/chat/completions', body: { model: 'a', messages: [{ role: 'user', content: 'hi' }], stream: true } };

  it('an event stream gets comments, then the answer', async () => {
    const running = await startGateway({ options: { firstCommentMs: 20 } });
    const go = running.fake.pauseLoads();
    const response = await open(running.port, openai);
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/event-stream']);
    go();
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece as string;
    expect(text.startsWith(': waiting for the model\n\n')).toBe(true);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('an error after a comment is the stream’s last event', async () => {
    const running = await startGateway({ options: { firstCommentMs: 20 } });
    running.fake.failNextLoad('crash');
    const go = running.fake.pauseLoads();
    const response = await open(running.port, openai);
    go();
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece as string;
    const last = text.trim().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({ error: { message: expect.stringContaining('could not be loaded') as string, type: 'api_error' } });
  });

  it('Ollama’s own language gets nothing before its answer', async () => {
    const running = await startGateway({ options: { firstCommentMs: 1 } });
    const go = running.fake.pauseLoads();
    const answer = ask(running.port, chat('a', 2));
    await until(() => running.fake.loading() !== null);
    await new Promise((resolve) => setTimeout(resolve, 60));
    go();
    expect((await answer).text.startsWith('{"model":"a"')).toBe(true);
  });
});
