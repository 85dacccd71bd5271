import { describe, expect, it, onTestFinished } from 'vitest';
import { createUtilityFork } from '../../main/desktop/fork-utility.ts';
import { createFakeElectron } from '../fakes/electron/index.ts';
import { answer, ask, load, temporaryFolder, testProvider, tinyShape, until, writeRandom, writeTiny, writeVariant } from './helpers.ts';

const template = "{% for message in messages %}{{ '[' + message['role'] + '] ' + message['content'] + '\n' }}{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}";
// Without a space before the first word, text is cut into the same tokens wherever it stands.
const plain = { 'tokenizer.ggml.add_space_prefix': { type: 'bool', value: false } } as const;
const chatty = { ...plain, 'tokenizer.chat_template': { type: 'string', value: template } } as const;

async function tiny(context = 2048) {
  const folder = await temporaryFolder();
  await writeTiny(folder);
  const provider = testProvider({ directories: () => [folder], contextLengthFor: () => context });
  const { model, pid } = await load(provider, 'tiny');
  return { provider, id: model.id, pid, model };
}

describe('an answer', () => {
  it('comes in pieces that are the same text as the whole', async () => {
    const { provider, id } = await tiny();
    const streamed = await answer(provider, id, { maxTokens: 24 });
    expect(streamed).toMatchObject({ finish: 'length', completionTokens: 24 });
    expect(streamed.pieces.length).toBeGreaterThan(12);
    expect(streamed.pieces).not.toContain('');
    expect(streamed.promptMs).toBeGreaterThan(0);
    expect(streamed.completionMs).toBeGreaterThan(0);
    const whole = await provider.generate({ id, prompt: 'Once upon', maxTokens: 24, signal: new AbortController().signal });
    expect(whole).toEqual({ ok: true, text: streamed.text, tokens: 24 });
  });

  it('ends before a stop sequence, however that lies across tokens, and shows no part of it', async () => {
    const { provider, id } = await tiny();
    const { text, pieces } = await answer(provider, id, { maxTokens: 40 });
    for (const [from, to] of [[0, 1], [7, 12], [10, 11], [12, 19]] as const) {
      const stop = text.slice(from, to);
      const stopped = await answer(provider, id, { maxTokens: 40, stop: ['never this', stop] });
      expect(stopped).toMatchObject({ text: text.slice(0, text.indexOf(stop)), finish: 'stop' });
      expect(stopped.completionTokens).toBeLessThan(pieces.length);
    }
    // What only begins like one comes through in the end.
    expect(await answer(provider, id, { maxTokens: 40, stop: [`${text.slice(-6)}#`] })).toMatchObject({ text, finish: 'length' });
  });

  it('is drawn anew each time, and the same for the same seed, whatever ran before', async () => {
    const { provider, id } = await tiny();
    const draw = async (seed?: number) => (await answer(provider, id, { sampling: { temperature: 1.5, topK: 0, topP: 1, minP: 0, ...(seed !== undefined && { seed }) } })).text;
    const first = await draw(7);
    expect(await draw()).not.toBe(await draw());
    expect(await draw(8)).not.toBe(first);
    expect(await draw(7)).toBe(first);
    expect(await draw(2 ** 32 + 6)).toBe(first);
    expect(await draw(2 ** 32 - 1)).toBe(await draw(0));
    expect(await draw(-1)).not.toBe(await draw(-1));
  });

  it('follows what limits the draw', async () => {
    const { provider, id } = await tiny();
    const likeliest = (await answer(provider, id)).text;
    const wild = { temperature: 5, seed: 3 };
    expect((await answer(provider, id, { sampling: { ...wild, topK: 0, topP: 1, minP: 0 } })).text).not.toBe(likeliest);
    expect((await answer(provider, id, { sampling: { ...wild, topK: 1 } })).text).toBe(likeliest);
    expect((await answer(provider, id, { sampling: { ...wild, topP: 0.0001 } })).text).toBe(likeliest);
    expect((await answer(provider, id, { sampling: { ...wild, minP: 1 } })).text).toBe(likeliest);
    // The likeliest text of such a model soon goes in circles; each of the penalties breaks them.
    const long = (await answer(provider, id, { maxTokens: 120 })).text;
    for (const penalty of [{ repeatPenalty: 1.8 }, { frequencyPenalty: 1.5 }, { presencePenalty: 1.5 }]) {
      expect((await answer(provider, id, { maxTokens: 120, sampling: { temperature: 0, ...penalty } })).text).not.toBe(long);
    }
  });

  it('counts the tokens of the prompt, its begin included, and of the answer', async () => {
    const { provider, id } = await tiny();
    // Every syllable is a token, and the vocabulary wants a begin.
    const syllables = (count: number) => ({ input: { kind: 'prompt', prompt: 'ba'.repeat(count), template: false } as const, maxTokens: 3 });
    expect(await answer(provider, id, syllables(1))).toMatchObject({ promptTokens: 2, completionTokens: 3 });
    expect(await answer(provider, id, syllables(40))).toMatchObject({ promptTokens: 41, completionTokens: 3 });
    expect(await answer(provider, id, { ...syllables(40), maxTokens: 0 })).toMatchObject({ promptTokens: 41, completionTokens: 0, finish: 'length', text: '' });
    // The begin is not put before one that is there, and special tokens mean what they spell.
    expect(await answer(provider, id, { input: { kind: 'prompt', prompt: '<s>ba', template: false } })).toMatchObject({ promptTokens: 2 });
    // What is in the context already counts as well.
    const again = await answer(provider, id, syllables(60));
    expect(await answer(provider, id, syllables(60))).toMatchObject({ promptTokens: again.promptTokens, text: again.text });
  });

  it('ends where the context is full', async () => {
    const { provider, id } = await tiny(256);
    const full = await answer(provider, id, { maxTokens: null });
    expect(full).toMatchObject({ finish: 'length' });
    expect(full.promptTokens + full.completionTokens).toBe(256);
  });

  it('is refused where the prompt alone fills the context', async () => {
    const { provider, id } = await tiny(256);
    const { outcome } = await ask(provider, id, { input: { kind: 'prompt', prompt: 'ba'.repeat(300), template: false } });
    expect(outcome).toEqual({ ok: false, problem: { code: 'bad-request', message: 'The prompt has 301 tokens, but the context of the model holds 256, and the answer needs room too.' } });
    expect(await answer(provider, id, { input: { kind: 'prompt', prompt: 'ba'.repeat(253), template: false }, maxTokens: null })).toMatchObject({ promptTokens: 254, completionTokens: 2, finish: 'length' });
    expect(await ask(provider, id, { input: { kind: 'prompt', prompt: 'ba'.repeat(254), template: false } })).toMatchObject({ outcome: { ok: false } });
    expect(await answer(provider, id)).toMatchObject({ ok: true });
  });

  it('ends when the model ends it', async () => {
    const folder = await temporaryFolder();
    await writeRandom(folder, 'brief');
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'brief');
    const drawn = await Promise.all(Array.from({ length: 4 }, (_, seed) => answer(provider, model.id, { maxTokens: null, sampling: { temperature: 2, topK: 0, topP: 1, minP: 0, seed } })));
    expect(drawn.map(({ finish }) => finish)).toContain('stop');
  });

  it('shows whole characters only', async () => {
    const { provider, id } = await tiny();
    // The vocabulary has no such letters: each comes as two to four tokens of one byte.
    const words = ['größer als Ж und ☃', '\u{1f600}\u{1f680}'];
    const { pieces, text } = await answer(provider, id, { maxTokens: null, json: { enum: words } });
    expect(words).toContain(JSON.parse(text));
    expect(pieces.every((piece) => !/[\p{Surrogate}\ufffd]/u.test(piece))).toBe(true);
    // Cut off in the middle of one, it is left out.
    for (let maxTokens = 1; maxTokens < 12; maxTokens++) expect((await answer(provider, id, { maxTokens, json: { const: '\u{1f600}\u{1f680}' } })).text).toMatch(/^"?(\u{1f600}(\u{1f680}"?)?)?$/u);
  });

  it('is over at once where there is nothing to go on', async () => {
    const folder = await temporaryFolder();
    await writeVariant(folder, 'bare', { extra: { 'tokenizer.ggml.add_bos_token': { type: 'bool', value: false } } });
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'bare');
    expect(await answer(provider, model.id, { input: { kind: 'prompt', prompt: '', template: false } })).toMatchObject({ finish: 'stop', promptTokens: 0, completionTokens: 0, text: '' });
  });
});

describe('chat', () => {
  it('goes through the template of the model', async () => {
    const folder = await temporaryFolder();
    await writeRandom(folder, 'chatty', chatty);
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'chatty');
    const messages = [{ role: 'system', content: 'Be short' }, { role: 'user', content: 'Hello' }] as const;
    const chat = await answer(provider, model.id, { input: { kind: 'chat', messages } });
    const asPrompt = await answer(provider, model.id, { input: { kind: 'prompt', prompt: 'Hello', template: true, system: 'Be short' } });
    const byHand = await answer(provider, model.id, { input: { kind: 'prompt', prompt: '[system] Be short\n[user] Hello\n[assistant] ', template: false } });
    expect(asPrompt).toMatchObject({ text: chat.text, promptTokens: chat.promptTokens });
    expect(byHand).toMatchObject({ text: chat.text, promptTokens: chat.promptTokens });
    // An answer that the client has begun is continued.
    const begun = await answer(provider, model.id, { input: { kind: 'chat', messages: [...messages, { role: 'assistant', content: 'Well' }] } });
    const begunByHand = await answer(provider, model.id, { input: { kind: 'prompt', prompt: '[system] Be short\n[user] Hello\n[assistant] Well', template: false } });
    expect(begun).toMatchObject({ text: begunByHand.text, promptTokens: begunByHand.promptTokens });
  });

  it('without a template has plain headings, and a single prompt is continued', async () => {
    const folder = await temporaryFolder();
    await writeRandom(folder, 'plain', plain);
    const provider = testProvider({ directories: () => [folder] });
    const { id } = (await load(provider, 'plain')).model;
    const input = { kind: 'chat', messages: [{ role: 'system', content: 'Be short' }, { role: 'user', content: 'Hello' }] } as const;
    const byHand = { kind: 'prompt', prompt: 'Be short\n\n### Human\nHello\n\n### Assistant\n', template: false } as const;
    const [chat, hand] = [await answer(provider, id, { input }), await answer(provider, id, { input: byHand })];
    expect(chat).toMatchObject({ text: hand.text, promptTokens: hand.promptTokens });
    const continued = await answer(provider, id, { input: { kind: 'prompt', prompt: 'Hello', template: true, system: 'Be short' } });
    expect(continued.text).toBe((await answer(provider, id, { input: { kind: 'prompt', prompt: 'Be short\n\nHello', template: false } })).text);
  });

  it('reads only what is new of a longer conversation, and answers as if it had read all', async () => {
    const folder = await temporaryFolder();
    await writeRandom(folder, 'chatty', chatty);
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'chatty');
    const messages = [{ role: 'user' as const, content: 'ba de fi '.repeat(550) }];
    const first = await answer(provider, model.id, { input: { kind: 'chat', messages } });
    const next = { kind: 'chat', messages: [...messages, { role: 'assistant' as const, content: first.text }, { role: 'user' as const, content: 'And now?' }] } as const;
    const warm = await answer(provider, model.id, { input: next });
    const cold = await answer(provider, model.id, { input: next, sampling: { temperature: 0, seed: 1 } });
    expect(warm).toMatchObject({ text: cold.text, promptTokens: cold.promptTokens });
    console.info(`prompt of ${cold.promptTokens} tokens: ${Math.round(cold.promptMs)} ms from nothing, ${Math.round(warm.promptMs)} ms after the first part`);
    expect(warm.promptMs).toBeLessThan(cold.promptMs / 2);
  });

  it('works with the formats that the library has forms of its own for, and with a template that it cannot read', async () => {
    const folder = await temporaryFolder();
    const templates = {
      channels: "<|start|>system<|message|>x<|end|>{% for message in messages %}{{ '<|start|>' + message['role'] + '<|channel|>final<|message|>' + message['content'] + '<|end|>' }}{% endfor %}{% if add_generation_prompt %}<|start|>assistant{% endif %}",
      thinking: "{% for message in messages %}{% set content = message['content'].split('</think>')[-1] %}{{ '[' + message['role'] + '] ' + content + '[end]' }}{% endfor %}{% if add_generation_prompt %}[assistant] <think>\n{% endif %}",
      broken: '{% for message in messages %}{{ oops(',
    };
    for (const [name, value] of Object.entries(templates)) await writeRandom(folder, name, { 'tokenizer.chat_template': { type: 'string', value } });
    const provider = testProvider({ directories: () => [folder] });
    for (const name of Object.keys(templates)) {
      const { model } = await load(provider, name);
      const input = { kind: 'chat', messages: [{ role: 'user', content: 'Hello' }] } as const;
      expect(await answer(provider, model.id, { input, maxTokens: null, json: { const: 'It </think> works' } })).toMatchObject({ finish: 'stop', text: '"It </think> works"' });
      expect(await answer(provider, model.id, { input, maxTokens: 20 })).toMatchObject({ finish: 'length', completionTokens: 20 });
    }
  });

  it('tells what a template does not take', async () => {
    const folder = await temporaryFolder();
    const strict = "{% if messages[0]['role'] == 'assistant' %}{{ raise_exception('A user speaks first') }}{% endif %}{% for message in messages %}{{ '[' + message['role'] + '] ' + message['content'] + '\n' }}{% endfor %}";
    await writeRandom(folder, 'strict', { 'tokenizer.chat_template': { type: 'string', value: strict } });
    const provider = testProvider({ directories: () => [folder] });
    const { model } = await load(provider, 'strict');
    expect(await ask(provider, model.id, { input: { kind: 'chat', messages: [{ role: 'user', content: 'hello' }] } })).toMatchObject({ outcome: { ok: true } });
    expect(await ask(provider, model.id, { input: { kind: 'chat', messages: [{ role: 'assistant', content: 'Hi' }, { role: 'user', content: 'Hello' }] } })).toMatchObject({
      outcome: { ok: false, problem: { code: 'generate-failed', message: expect.stringContaining('A user speaks first') } },
    });
  });
});

describe('a request that nobody wants any more', () => {
  it('leaves the line, or ends within a token', async () => {
    const { provider, id } = await tiny();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const order: string[] = [];
    const pieces: string[] = [];
    const long = ask(provider, id, { maxTokens: null, signal: running.signal, onText: (text) => void pieces.push(text) });
    const behind = ask(provider, id, { signal: waiting.signal }).finally(() => order.push('behind'));
    const last = ask(provider, id, { maxTokens: 2 }).finally(() => order.push('last'));
    await until(() => pieces.length > 3);
    waiting.abort();
    expect(await behind).toMatchObject({ outcome: { ok: true, finish: 'cancelled', completionTokens: 0 }, text: '' });
    running.abort();
    const shown = pieces.length;
    const { outcome } = await long;
    expect(outcome).toMatchObject({ ok: true, finish: 'cancelled' });
    expect(pieces).toHaveLength(shown);
    // A token or two were on their way when it was called off; 2,000 were wished.
    expect(outcome.ok && outcome.completionTokens).toBeLessThan(shown + 100);
    expect(await last).toMatchObject({ outcome: { ok: true, finish: 'length', completionTokens: 2 } });
    expect(order).toEqual(['behind', 'last']);
  });

  it('ends within a batch while the prompt is read', async () => {
    const folder = await temporaryFolder();
    await writeRandom(folder, 'wide', {}, { ...tinyShape, contextLength: 8192 });
    const provider = testProvider({ directories: () => [folder], contextLengthFor: () => 8192 });
    const { model } = await load(provider, 'wide');
    const input = { kind: 'prompt', prompt: 'ba'.repeat(6000), template: false } as const;
    const cancel = new AbortController();
    const called = ask(provider, model.id, { input, signal: cancel.signal });
    // By then it is on its way to the process.
    await new Promise((resolve) => setImmediate(resolve));
    cancel.abort();
    const { outcome } = await called;
    expect(outcome).toMatchObject({ ok: true, finish: 'cancelled', promptTokens: 6001, completionTokens: 0 });
    const whole = await answer(provider, model.id, { input, maxTokens: 1, sampling: { seed: 1 } });
    console.info(`prompt of 6001 tokens: ${Math.round(whole.promptMs)} ms whole, ${Math.round(outcome.ok ? outcome.promptMs : 0)} ms called off`);
    expect(outcome.ok && outcome.promptMs).toBeLessThan(whole.promptMs / 3);
  });

  it('is not begun where it comes called off', async () => {
    const { provider, id } = await tiny();
    expect(await ask(provider, id, { signal: AbortSignal.abort() })).toMatchObject({ outcome: { ok: true, finish: 'cancelled', promptTokens: 0 }, pieces: [] });
  });
});

describe('an answer elsewhere', () => {
  it('is the same in Electron’s kind of process', async () => {
    const folder = await temporaryFolder();
    await writeTiny(folder);
    const fake = createFakeElectron();
    onTestFinished(() => fake.dispose());
    const [node, electron] = [testProvider({ directories: () => [folder] }), testProvider({ directories: () => [folder], forkChild: createUtilityFork(fake.electron.utilityProcess) })];
    const more = { json: { type: 'array', maxItems: 3, items: { type: 'integer', minimum: 0, maximum: 99 } }, maxTokens: null, sampling: { temperature: 1, seed: 5 } };
    const texts: string[] = [];
    for (const provider of [node, electron]) {
      const { model } = await load(provider, 'tiny');
      texts.push((await answer(provider, model.id)).text, (await answer(provider, model.id, more)).text);
      const cancel = new AbortController();
      const { outcome } = await ask(provider, model.id, { maxTokens: null, signal: cancel.signal, onText: () => cancel.abort() });
      expect(outcome).toMatchObject({ ok: true, finish: 'cancelled' });
    }
    expect(texts.slice(2)).toEqual(texts.slice(0, 2));
    expect(JSON.parse(texts[1] ?? '')).toBeInstanceOf(Array);
  });
});

describe('a model that leaves in the middle of an answer', () => {
  it('by dying gives a problem, also to those in line', async () => {
    const { provider, id, pid } = await tiny();
    const pieces: string[] = [];
    const answers = [ask(provider, id, { maxTokens: null, onText: (text) => void pieces.push(text) }), ask(provider, id)];
    await until(() => pieces.length > 2);
    process.kill(pid, 'SIGKILL');
    expect((await Promise.all(answers)).map(({ outcome }) => outcome)).toEqual([
      { ok: false, problem: { code: 'generate-failed', message: 'tiny gave no answer: the model left memory in the middle of it.' } },
      { ok: false, problem: { code: 'generate-failed', message: 'tiny gave no answer: the model is no longer in memory.' } },
    ]);
  });

  it('by being ended leaves nobody waiting', async () => {
    const { provider, id } = await tiny();
    const pieces: string[] = [];
    const answers = [ask(provider, id, { maxTokens: null, onText: (text) => void pieces.push(text) }), ask(provider, id), provider.inference.embed({ id, inputs: ['x'], signal: new AbortController().signal })];
    await until(() => pieces.length > 2);
    await provider.stop();
    const outcomes = (await Promise.all(answers)).map((each) => ('outcome' in each ? each.outcome : each));
    expect(outcomes).toMatchObject(answers.map(() => ({ ok: false, problem: { code: 'generate-failed' } })));
    expect((await ask(provider, id)).outcome).toEqual({ ok: false, problem: { code: 'not-loaded', message: 'tiny is not in memory.' } });
  });
});
