import { AirdockError, problem } from '../../../contract/index.ts';
import { signInLinkOf } from '../../hand-over.ts';
import { openInBrowser } from '../../open-in-browser.ts';
import type { Context } from '../context.ts';
import { exits, type Exit } from '../exits.ts';
import { printJson } from '../report.ts';
import { commandLine } from '../running.ts';

export async function run(context: Context): Promise<Exit> {
  const { url } = await context.connection();
  const link = await signInLinkOf(url, context.dataDir, commandLine);
  if (link === null) throw new AirdockError(problem('not-running', `Airdock does not answer at ${url}.`, 'It is starting or ending: try again.'));
  if (context.json) printJson(context, { url: link });
  else context.terminal.print(context.has('print') ? link : `The dashboard (this address signs in once, within ten minutes):\n\n  ${link}\n`);
  if (!context.json && !context.has('print')) openInBrowser(link);
  return exits.done;
}
