import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface MemoryChild {
  pid: number;
  /** Resolves once that many more bytes are written to. */
  allocate(bytes: number): Promise<void>;
  /** Runs `import(module)` in the child and resolves with what its exported `probe()` returns, as JSON. */
  probe(module: string): Promise<unknown>;
  stop(): Promise<void>;
}

const program = `
const held = [];
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const { bytes, module } = JSON.parse(line);
  if (bytes) held.push(Buffer.alloc(bytes, 1));
  const answer = module ? await (await import(module)).probe() : null;
  console.log(JSON.stringify(answer));
});
lines.on('close', () => process.exit());
console.log('null');
`;

/** A Node process that holds as much memory as a test asks for. */
export async function startMemoryChild(): Promise<MemoryChild> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  const nextLine = async (): Promise<unknown> => {
    const ended = once(child, 'exit').then(() => {
      throw new Error('the child has ended');
    });
    const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [string];
    return JSON.parse(line);
  };
  await nextLine();
  const ask = (question: object) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return nextLine();
  };
  return {
    pid: child.pid ?? 0,
    allocate: async (bytes) => void (await ask({ bytes })),
    probe: (module) => ask({ module }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
