import { parseArgs } from 'node:util';
import { readPort, serve, serveFlags, type ServeOptions } from './serve.ts';

const usage = `airdock, without a tray

  --headless         never try the tray app
  --port N           listen there (0: any free port; default: gateway.port of the config, 11500)
  --data-dir DIR     keep settings, samples and history there
  --lan              answer other devices too, where they show the key (default: gateway.lan of the config)
  --no-open          do not open a browser
  --help             this text
`;

/** Exit codes: 0 ended as asked, 1 could not start, 2 wrong usage. */
async function main(): Promise<void> {
  const options = readArguments();
  if (options !== null) process.exitCode = await serve(options);
}

function readArguments(): ServeOptions | null {
  try {
    const { values } = parseArgs({ options: { ...serveFlags, headless: { type: 'boolean' }, help: { type: 'boolean' } } });
    if (values.help) {
      console.log(usage);
      return null;
    }
    return { port: readPort(values.port), dataDir: values['data-dir'], lan: values.lan, open: !values['no-open'], link: true };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}

void main();
