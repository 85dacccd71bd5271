import type { Argument, Command, Option } from './command.ts';
import { json } from './options.ts';

const off: Option = { help: 'end it' };
const forTime: Option = { value: { name: 'TIME', kind: 'duration' }, help: 'end by itself after that time: 30m, 2h, 1h30m' };
const context: Option = { value: { name: 'TOKENS', kind: 'number' }, help: 'with this context size' };
const force: Option = { help: 'unload what is unused to make room, without asking' };
const model: Argument = { name: 'NAME', kind: 'model' };

/** What is asked and done about models and the memory. */
export const modelCommands: readonly Command[] = [
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
    name: 'pull',
    summary: 'get a model: by its name at Ollama, the address of a GGUF file, or a file',
    args: [{ name: 'NAME', kind: 'text' }],
    options: {
      check: { help: 'only say whether it would fit' },
      yes: { help: 'also where it will not fit, without asking' },
      link: { help: 'with a file: a second name for it instead of a copy' },
      json,
    },
    about: ['First it says whether the model will fit, in memory and on the disk. That is a warning: it asks, and where nobody can answer it goes on.', 'Ctrl+C stops the download. What has come is kept: the same command goes on from there.'],
    examples: [
      ['airdock pull llama3.2', ''],
      ['airdock pull https://example.org/models/model-Q4_K_M.gguf', 'into Airdock’s own folder'],
      ['airdock pull llama3.1:70b --check', 'downloads nothing'],
    ],
    run: async (context) => (await import('./commands/library.ts')).pull(context),
  },
  {
    name: 'rm',
    summary: 'delete a model from the disk',
    args: [model],
    options: { yes: { help: 'without asking' }, force: { help: 'also a model that you keep, or while models are frozen; never one in use' }, json },
    about: ['It is unloaded first. Of GGUF files only those go that Airdock itself has put into its folder.'],
    examples: [
      ['airdock rm codellama', ''],
      ['airdock rm codellama --yes', 'for a script'],
    ],
    run: async (context) => (await import('./commands/library.ts')).rm(context),
  },
  {
    name: 'show',
    summary: 'what the files of a model tell: context, memory, where it lies',
    args: [model],
    options: { json },
    examples: [
      ['airdock show llama3.2', ''],
      ["airdock show llama3.2 --json | jq '.contexts'", 'memory by context, for a script'],
    ],
    run: async (context) => (await import('./commands/files.ts')).show(context),
  },
  {
    name: 'du',
    summary: 'what the models take on the disk, and what nobody has used for 30 days',
    args: [],
    options: { json },
    examples: [
      ['airdock du', ''],
      ["airdock du --json | jq -r '.models[] | select(.unused) | .name'", 'the names of what could go'],
    ],
    run: async (context) => (await import('./commands/files.ts')).du(context),
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
];
