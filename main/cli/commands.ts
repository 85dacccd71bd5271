import type { Argument, Command, Option } from './command.ts';

const json: Option = { help: 'print data instead of words' };
const off: Option = { help: 'end it' };
const forTime: Option = { value: { name: 'TIME', kind: 'duration' }, help: 'end by itself after that time: 30m, 2h, 1h30m' };
const context: Option = { value: { name: 'TOKENS', kind: 'number' }, help: 'with this context size' };
const force: Option = { help: 'unload what is unused to make room, without asking' };
const model: Argument = { name: 'NAME', kind: 'model' };
const noOptions: Readonly<Record<string, Option>> = {};

/** Every command. Help, completion and the reading of what was typed are made from this table. */
export const commands: readonly Command[] = [
  {
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
  },
  {
    name: 'status',
    summary: 'what is in memory, and how much is free',
    args: [],
    options: { json },
    examples: [
      ['airdock status', ''],
      ["airdock status --json | jq -r '.loaded[].name'", 'the names of what is in memory'],
    ],
    run: async (context) => (await import('./commands/looking.ts')).status(context),
  },
  {
    name: 'ls',
    summary: 'the installed models, and which of them fit now',
    args: [],
    options: { json },
    examples: [['airdock ls', '']],
    run: async (context) => (await import('./commands/looking.ts')).list(context),
  },
  {
    name: 'load',
    summary: 'load a model',
    args: [model],
    options: { force, 'try-once': { help: 'load it alone and watched although the estimate says that it does not fit' }, context, json },
    about: [
      'Where others would have to go, it names them and asks. Where nobody can answer (a script, or --json) it loads nothing and ends with exit code 1, unless --force said yes before.',
      'Ctrl+C while it loads cancels the load, unless somebody else waits for the model too.',
    ],
    examples: [
      ['airdock load llama3.2', ''],
      ['airdock load llama3.2 --force', 'make room without asking'],
      ['airdock load llama3.2 --context 16384', ''],
    ],
    run: async (context) => (await import('./commands/load.ts')).run(context),
  },
  {
    name: 'unload',
    summary: 'unload a model, or with --idle everything unused',
    args: [{ name: 'NAME', kind: 'loaded', optional: true }],
    options: {
      idle: { help: 'everything that is unused, instead of one model' },
      for: { value: { name: 'TIME', kind: 'duration' }, help: 'with --idle: only what has been unused for that long' },
      force: { help: 'also a model that you keep, or while models are frozen; never one in use' },
      json,
    },
    examples: [
      ['airdock unload llama3.2', ''],
      ['airdock unload --idle', ''],
      ['airdock unload --idle --for 10m', ''],
    ],
    run: async (context) => (await import('./commands/unload.ts')).run(context),
  },
  {
    name: 'pin',
    summary: 'keep a model: load it at the start, never unload it by itself',
    args: [model],
    options: { json },
    examples: [['airdock pin nomic-embed-text', '']],
    run: async (context) => (await import('./commands/modes.ts')).pin(context, true),
  },
  {
    name: 'unpin',
    summary: 'no longer keep it',
    args: [model],
    options: { json },
    examples: [['airdock unpin nomic-embed-text', '']],
    run: async (context) => (await import('./commands/modes.ts')).pin(context, false),
  },
  {
    name: 'plan',
    summary: 'what loading a model would do; changes nothing',
    args: [model],
    options: { context, json },
    examples: [
      ['airdock plan llama3.2', ''],
      ['airdock plan llama3.2 --json | jq .canLoad', 'for a script'],
    ],
    run: async (context) => (await import('./commands/looking.ts')).plan(context),
  },
  {
    name: 'recommend',
    summary: 'which model for a file or a task, and what loading it would take',
    args: [{ name: 'FILE', kind: 'file', optional: true, rest: true }],
    options: {
      task: { value: { name: 'TASK', kind: 'task' }, help: 'what for: chat, code, image, ocr, audio, video, embedding, math, translation, tools or thinking' },
      online: { help: 'also models that run on somebody else’s computer' },
      json,
    },
    about: ['It reads the first bytes of each file to find out what it is; nothing of them leaves this command. Of several files, those of one model stand together, in the order with the fewest loads.', 'Exit code 1: no installed model is right for any of them.'],
    examples: [
      ['airdock recommend photo.jpg', ''],
      ['airdock recommend src/*.py notes.md', 'in groups, each with its model'],
      ['airdock recommend --task code', 'for a task'],
      ["airdock recommend photo.jpg --json | jq -r '.recommendations[0].model.name'", 'the name alone, for a script'],
    ],
    run: async (context) => (await import('./commands/recommend.ts')).run(context),
  },
  {
    name: 'why',
    summary: 'why a model is in memory, or is not',
    args: [model],
    options: { json },
    examples: [['airdock why codellama', '']],
    run: async (context) => (await import('./commands/looking.ts')).why(context),
  },
  {
    name: 'watch',
    summary: 'the memory and the models, live',
    args: [],
    options: { json: { help: 'one JSON document per line, as the event stream has them' } },
    about: ['Ctrl+C ends it. Into a file or a pipe it writes a line for each change.'],
    examples: [
      ['airdock watch', ''],
      ['airdock watch >> airdock.log', 'a line for each change'],
    ],
    run: async (context) => (await import('./commands/watch.ts')).run(context),
  },
  {
    name: 'free',
    summary: 'unload everything unused, and let programs load nothing for an hour',
    args: [],
    options: { off, json },
    examples: [
      ['airdock free', ''],
      ['airdock free --off', 'programs can load again'],
    ],
    run: async (context) => (await import('./commands/modes.ts')).free(context),
  },
  {
    name: 'freeze',
    summary: 'load and unload nothing at all',
    args: [],
    options: { for: forTime, off, json },
    examples: [
      ['airdock freeze --for 2h', ''],
      ['airdock freeze --off', ''],
    ],
    run: async (context) => (await import('./commands/modes.ts')).mode(context, 'freeze'),
  },
  {
    name: 'pause',
    summary: 'keep everything in memory, however long it is unused',
    args: [],
    options: { for: forTime, off, json },
    examples: [
      ['airdock pause --for 2h', ''],
      ['airdock pause --off', ''],
    ],
    run: async (context) => (await import('./commands/modes.ts')).mode(context, 'pause'),
  },
  {
    name: 'run',
    summary: 'ask a model: loads it if need be, and holds it meanwhile',
    args: [model, { name: 'PROMPT', kind: 'text', optional: true, rest: true }],
    options: { 'max-tokens': { value: { name: 'N', kind: 'number' }, help: 'the longest answer, 1 to 8192 (default 512)' }, force, json },
    about: ['Without a prompt, or with -, it reads the prompt from its input. The answer is printed as it comes.'],
    examples: [
      ['airdock run llama3.2 "Why is the sky blue?"', ''],
      ['airdock run llama3.2 - < question.txt', ''],
    ],
    run: async (context) => (await import('./commands/run.ts')).run(context),
  },
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
