import type { ChatHistoryItem, ChatWrapper, ChatWrapperGenerateContextStateOptions, ChatWrapperGeneratedContextState, LlamaModel } from 'node-llama-cpp';
import type { Engine } from './child-model.ts';
import type { GenerateWork } from './messages.ts';

/** A request as the library wants it: messages, and how they become text. */
export interface Prompt {
  wrapper: ChatWrapper;
  history: ChatHistoryItem[];
}

/** Marks in a template of answers that come in parts, thoughts before all: the library's own forms of these formats tell the parts apart best. */
const PARTED = /channel|think|thought|reasoning/i;

/**
 * Chooses how a request becomes text. Messages go through the template in the model's file. A model without one gets them under plain
 * headings ("### Human", "### Assistant"); a single prompt, which such a model continues rather than answers, it gets as it is, after the
 * system prompt and an empty line.
 */
export function createPrompter(engine: Engine, model: LlamaModel): (input: GenerateWork['input']) => Prompt {
  const { chat_template: given }: { chat_template?: unknown } = model.fileInfo.metadata.tokenizer ?? {};
  const template = typeof given === 'string' && given.trim() !== '' ? given : null;
  const bosString = model.tokens.shouldPrependBosToken ? (model.tokens.bosString ?? '') : '';
  const raw = new (rawWrapperClass(engine))(bosString);
  let chat: ChatWrapper | null = null;
  // Only when first needed: reading a template takes longer than loading a small model.
  const chatWrapper = () => (chat ??= template === null ? new engine.GeneralChatWrapper() : withBegin(engine, templateWrapper(engine, model, template), bosString));

  return (input) => {
    if (input.kind === 'chat') {
      const history = input.messages.map(({ role, content }): ChatHistoryItem => (role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content }));
      return { wrapper: chatWrapper(), history: openAnswer(history) };
    }
    const { prompt, system = '' } = input;
    if (!input.template) return { wrapper: raw, history: openAnswer([{ type: 'user', text: prompt }]) };
    if (template === null) return { wrapper: raw, history: openAnswer([{ type: 'user', text: system === '' ? prompt : `${system}\n\n${prompt}` }]) };
    const user: ChatHistoryItem = { type: 'user', text: prompt };
    return { wrapper: chatWrapper(), history: openAnswer(system === '' ? [user] : [{ type: 'system', text: system }, user]) };
  };
}

/** The answer is the last message: a new one, or the continuation of what the client has put into the model's mouth. */
function openAnswer(history: ChatHistoryItem[]): ChatHistoryItem[] {
  if (history.at(-1)?.type !== 'model') history.push({ type: 'model', response: [] });
  return history;
}

function templateWrapper(engine: Engine, model: LlamaModel, template: string): ChatWrapper {
  // A begun answer may go on with a space.
  const settings = { template, trimLeadingWhitespaceInResponses: false };
  try {
    // The library first compares the template with each format that it knows. That takes it seconds, so only where it matters.
    if (!PARTED.test(template)) return new engine.JinjaTemplateChatWrapper({ ...settings, tokenizer: model.tokenizer });
  } catch {
    // What it cannot render it can still guess the format of.
  }
  return engine.resolveChatWrapper(model, { customWrapperSettings: { jinjaTemplate: settings } });
}

/** Puts the begin before what a template makes, where the model wants one and the template has none: llama.cpp does the same. */
function withBegin(engine: Engine, wrapper: ChatWrapper, bosString: string): ChatWrapper {
  const generate = wrapper.generateContextState.bind(wrapper);
  wrapper.generateContextState = (options) => {
    const state = generate(options);
    const [first] = state.contextText.values;
    const begins = first instanceof engine.SpecialToken ? first.value === 'BOS' : (typeof first === 'string' ? first : (first?.value ?? '')).startsWith(bosString);
    return begins ? state : { ...state, contextText: engine.LlamaText([new engine.SpecialToken('BOS'), state.contextText]) };
  };
  return wrapper;
}

/** Text as it is, with special tokens where it spells them; `bosString` comes first where the model wants it and the text does not bring it along. */
function rawWrapperClass(engine: Engine): new (bosString: string) => ChatWrapper {
  return class RawWrapper extends engine.ChatWrapper {
    readonly wrapperName = 'raw';
    readonly #bosString: string;

    constructor(bosString: string) {
      super();
      this.#bosString = bosString;
    }

    override generateContextState({ chatHistory }: ChatWrapperGenerateContextStateOptions): ChatWrapperGeneratedContextState {
      const text = chatHistory.map((item) => (item.type === 'model' ? item.response.filter((part) => typeof part === 'string').join('') : item.type === 'user' ? item.text : '')).join('');
      // As one text, for then it is cut into tokens as llama.cpp itself does it.
      const whole = text.startsWith(this.#bosString) ? text : this.#bosString + text;
      return {
        contextText: engine.LlamaText(new engine.SpecialTokensText(whole)),
        stopGenerationTriggers: [engine.LlamaText(new engine.SpecialToken('EOS'))],
      };
    }
  };
}
