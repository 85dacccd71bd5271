import { formatDuration, formatList } from '../format.ts';
import { count } from './words.ts';

const requests = (value: number) => (value === 1 ? '1 request' : `${count(value)} requests`);
const are = (names: readonly string[]) => `${names.length > 2 ? `${names.length} models` : formatList(names)} ${names.length === 1 ? 'is' : 'are'}`;

/** What the engine calls those who do not say who they are stands at the beginning of a sentence here. */
const subjects = (clients: readonly string[]) => formatList(clients).replace(/^a (?=program|web page)/, 'A ');

export const apps = {
  requests: {
    title: 'Waiting',
    count: requests,
    /** `ms` null: it has only begun. */
    answering: (clients: readonly string[], ms: number | null) =>
      clients.length > 2 ? `Answering ${clients.length} programs` : `Answering ${formatList(clients)}${ms === null || clients.length > 1 ? '' : ` for ${formatDuration(ms)}`}`,
    waits: (clients: readonly string[], ms: number) =>
      clients.length > 2 ? `${clients.length} programs wait, up to ${formatDuration(ms)}` : `${subjects(clients)} ${clients.length === 1 ? 'has waited' : 'wait, up to'} ${formatDuration(ms)}`,
    why: {
      turn: (_names: readonly string[]) => 'It answers others first',
      loading: (_names: readonly string[]) => 'It is being loaded',
      'making-room': (_names: readonly string[]) => 'Others are making room for it',
      'loading-other': (names: readonly string[]) => `${are(names)} being loaded first`,
      leaving: (names: readonly string[]) => `${are(names)} leaving memory`,
      stuck: (names: readonly string[]) => `${are(names)} not letting go`,
      'in-use': (names: readonly string[]) => `${are(names)} in use`,
    },
    moreModels: (models: number) => (models === 1 ? '1 more model is waited for.' : `${count(models)} more models are waited for.`),
    more: (value: number) => (value === 1 ? '1 more request is answered or waits.' : `${count(value)} more requests are answered or wait.`),
  },
  apps: {
    open: 'Use it from your apps',
    openShort: 'Use from apps',
    setUp: 'How to set up apps',
    title: 'Use Airdock from your apps',
    intro: 'Give a chat window, an editor or a script this address in place of Ollama’s or OpenAI’s. The model that it asks for is then loaded when it is needed.',
    ollama: 'Apps that know Ollama',
    openai: 'Apps that know OpenAI',
    key: 'No key is needed on this computer. Where an app insists on one, any text will do.',
    keyElsewhere: 'In containers and on other devices apps need the key for apps, and a switch has to be on:',
    keyHere: 'Apps on this device need the key for apps:',
    settings: 'Settings',
    off: 'Apps are not answered: that is switched off.',
    where: 'Where it goes',
    openWebUi: 'Admin Settings, Connections',
    works: 'It works when “Answering …” stands beside the model on the page “Memory” while the app gets its answer.',
    more: 'Step by step, also for Docker:',
    close: 'Close',
  },
};
