import type { Command, Option } from './command.ts';
import { json } from './options.ts';

const noOptions: Readonly<Record<string, Option>> = {};

export const serve: Command = {
  name: 'serve',
  summary: 'start Airdock in this terminal, without a tray',
  args: [],
  options: {
    port: { value: { name: 'N', kind: 'number' }, help: 'listen there (0: any free port; default: gateway.port of the settings)' },
    lan: { help: 'answer other devices too, where they show the key (default: gateway.lan of the settings)' },
    'no-open': { help: 'do not open a browser' },
    'no-link': { help: 'do not print an address that signs in; "airdock open" gives one' },
  },
  about: ['Where an Airdock runs with the data folder already, tray or not, it says so, gives the address of that one, and ends.'],
  examples: [
    ['airdock serve', 'until Ctrl+C'],
    ['airdock serve --no-open --port 0', 'for a script'],
  ],
  run: async (context) => (await import('./commands/serve.ts')).run(context),
};

/** What is about Airdock itself: its page, its settings, and how it stands among other programs. */
export const airdockCommands: readonly Command[] = [
  {
    name: 'open',
    summary: 'open the dashboard in a browser, signed in',
    args: [],
    options: { print: { help: 'only print the address; it signs in once, within ten minutes' }, json },
    examples: [
      ['airdock open', ''],
      ['airdock open --print', 'where there is no browser'],
    ],
    run: async (context) => (await import('./commands/open.ts')).run(context),
  },
  {
    name: 'config get',
    summary: 'settings in force: one, a group, or all',
    args: [{ name: 'KEY', kind: 'setting', optional: true }],
    options: { json },
    examples: [
      ['airdock config get', 'all of them'],
      ['airdock config get models.idle_timeout_seconds', ''],
    ],
    run: async (context) => (await import('./commands/config.ts')).get(context),
  },
  {
    name: 'config set',
    summary: 'change a setting; it applies at once',
    args: [
      { name: 'KEY', kind: 'setting' },
      { name: 'VALUE', kind: 'setting-value', rest: true },
    ],
    options: { json },
    about: ['VALUE is JSON or plain text; on and off do for switches, several values make a list, null takes a setting back to its default. Comments in the file stay.'],
    examples: [
      ['airdock config set models.max_concurrent_loaded 3', ''],
      ['airdock config set models.directories ~/models /srv/models', 'a list'],
      ['airdock config set memory.reserve_gb null', 'back to the default'],
    ],
    run: async (context) => (await import('./commands/config.ts')).set(context),
  },
  {
    name: 'config path',
    summary: 'where the settings file is; works without a running Airdock',
    args: [],
    options: { json },
    examples: [['$EDITOR "$(airdock config path)"', 'it is read again as soon as it is saved']],
    run: async (context) => (await import('./commands/config.ts')).where(context),
  },
  {
    name: 'key set',
    summary: 'put a server’s key into the operating system’s keychain',
    args: [{ name: 'ID', kind: 'text' }],
    options: { json },
    about: ['ID is that of a server under providers.openai, which has "keychain": true there. The key comes from standard input, or is asked for; it is never an argument. Works without a running Airdock; one that runs takes it at once.'],
    examples: [
      ['airdock key set cloud', 'asks for it, and does not show it'],
      ['pass show cloud | airdock key set cloud', 'from a program'],
    ],
    run: async (context) => (await import('./commands/key.ts')).set(context),
  },
  {
    name: 'key remove',
    summary: 'take it out again',
    args: [{ name: 'ID', kind: 'text' }],
    options: { json },
    examples: [['airdock key remove cloud', '']],
    run: async (context) => (await import('./commands/key.ts')).remove(context),
  },
  {
    name: 'key list',
    summary: 'where the key of each server comes from; no key is shown',
    args: [],
    options: { json },
    examples: [['airdock key list', '']],
    run: async (context) => (await import('./commands/key.ts')).list(context),
  },
  {
    name: 'service install',
    summary: 'start Airdock with your session: systemd on Linux, launchd on macOS',
    args: [],
    options: noOptions,
    about: ['It writes one file, says where, and starts it. A file of that name that it did not write is left alone.'],
    examples: [['airdock service install', '']],
    run: async (context) => (await import('./commands/service.ts')).install(context),
  },
  {
    name: 'service remove',
    summary: 'stop that, and remove the file again',
    args: [],
    options: noOptions,
    examples: [['airdock service remove', '']],
    run: async (context) => (await import('./commands/service.ts')).remove(context),
  },
  {
    name: 'ollama-port check',
    summary: 'who answers on Ollama’s port, and on the one beside it',
    args: [],
    options: { json },
    examples: [['airdock ollama-port check', '']],
    run: async (context) => (await import('./commands/ollama-port.ts')).check(context),
  },
  {
    name: 'ollama-port take',
    summary: 'put Airdock on Ollama’s port 11434 and Ollama on 11435, so that no app needs changing',
    args: [],
    options: { json },
    about: ['It goes as far as it can and says what is left to do; asked again, it looks and goes on. Exit code 1: something is left. Nothing is lost: "airdock ollama-port give-back" is the way back.'],
    examples: [['airdock ollama-port take', 'again after each step, until it is done']],
    run: async (context) => (await import('./commands/ollama-port.ts')).move(context, 'take'),
  },
  {
    name: 'ollama-port give-back',
    summary: 'give Ollama its port back, and Airdock the one it had',
    args: [],
    options: { json },
    examples: [['airdock ollama-port give-back', 'again after each step, until it is done']],
    run: async (context) => (await import('./commands/ollama-port.ts')).move(context, 'giveBack'),
  },
  {
    name: 'completion',
    summary: 'a script that completes commands, options and model names',
    args: [{ name: 'SHELL', kind: 'shell' }],
    options: noOptions,
    about: ['SHELL is bash, zsh or fish.'],
    examples: [
      ['source <(airdock completion bash)', 'in ~/.bashrc'],
      ['source <(airdock completion zsh)', 'in ~/.zshrc, after compinit'],
      ['airdock completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
    run: async (context) => (await import('./commands/completion.ts')).run(context),
  },
];
