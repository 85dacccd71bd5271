import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';

/*
 * Stand-ins for the programs that know the operating system's keychain: real processes with the arguments, exit codes and words of the real ones
 * (libsecret 0.20.5 and macOS' security as their manual has it), which keep their items in a file.
 */

interface Items {
  [id: string]: string;
}

export interface FakeTool {
  program: string;
  /** What stands in arguments and in the environment, over all calls: what others on the computer could read. */
  seen(): string;
  calls(): number;
  items(): Items;
  /** Process ids of those that have not ended. */
  running(): number[];
  /** From now on: fail with these words, hang, keep nothing, or work. */
  behave(how: { words: string } | 'hang' | 'forget' | 'work'): Promise<void>;
}

const body = {
  'secret-tool': `
    const id = args[args.indexOf('account') + 1];
    if (args[0] === 'lookup') id in items ? out(items[id]) : end(1);
    if (args[0] === 'store') keep(id, input);
    if (args[0] === 'clear') id in items ? keep(id, undefined) : end(1);`,
  security: `
    const words = args[0] === '-i' ? input.trim().match(/"[^"]*"|\\S+/g) : args;
    const after = (name) => words[words.indexOf(name) + 1];
    const id = after('-a');
    if (words[0] === 'add-generic-password') keep(id, Buffer.from(after('-X'), 'hex').toString());
    if (!(id in items)) end(44, 'security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.');
    if (words[0] === 'find-generic-password') out(items[id] + '\\n');
    if (words[0] === 'delete-generic-password') keep(id, undefined);`,
  powershell: `
    const script = Buffer.from(args[args.indexOf('-EncodedCommand') + 1], 'base64').toString('utf16le');
    const id = process.env.AIRDOCK_KEYCHAIN_USER;
    if (process.env.AIRDOCK_KEYCHAIN_ITEM !== 'Airdock/' + id) end(9);
    if (/::Set\\(\\$item/.test(script)) keep(id, Buffer.from(input, 'base64').toString());
    if (!(id in items)) end(3);
    if (/::Get\\(\\$item\\)/.test(script)) out(Buffer.from(items[id]).toString('base64'));
    if (/::Remove\\(\\$item\\)/.test(script)) keep(id, undefined);`,
} as const;

/** Puts one into a folder, under the name of the real one. Not for Windows: the stand-in is a script. */
export async function installFakeTool(name: keyof typeof body, dir: string): Promise<FakeTool> {
  const program = path.join(dir, name);
  const [items, log, behaviour] = ['items.json', 'seen.log', 'behaviour.json'].map((file) => path.join(dir, `${name}.${file}`)) as [string, string, string];
  const source = `#!${process.execPath}
    const fs = require('node:fs');
    const args = process.argv.slice(2);
    fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify([args, process.env, process.pid]) + '\\n');
    const how = JSON.parse(fs.readFileSync(${JSON.stringify(behaviour)}, 'utf8'));
    const items = JSON.parse(fs.readFileSync(${JSON.stringify(items)}, 'utf8'));
    const end = (code, words = '') => { fs.writeSync(2, words); process.exit(code); };
    const out = (text) => { fs.writeSync(1, text); process.exit(0); };
    const keep = (id, text) => { if (how !== 'forget') fs.writeFileSync(${JSON.stringify(items)}, JSON.stringify({ ...items, [id]: text })); process.exit(0); };
    const input = fs.readFileSync(0, 'utf8');
    if (how.words !== undefined) end(1, how.words.replace('INPUT', input));
    if (how === 'hang') setInterval(() => undefined, 1000);
    else { ${body[name]} }`;
  await writeFile(items, '{}');
  await writeFile(behaviour, '"work"');
  await writeFile(log, '');
  await writeFile(program, source);
  await chmod(program, 0o755);
  return {
    program,
    seen: () => readFileSync(log, 'utf8'),
    calls: () => readFileSync(log, 'utf8').split('\n').length - 1,
    running: () => readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as [unknown, unknown, number])[2]).filter(isRunning),
    items: () => JSON.parse(readFileSync(items, 'utf8')) as Items,
    behave: (how) => writeFile(behaviour, JSON.stringify(how)),
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
