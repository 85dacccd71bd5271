import { AirdockError, problem } from '../../contract/index.ts';
import type { Connection } from '../client/http-call.ts';
import { findHolder } from '../data/lock.ts';
import { readToken } from '../data/token.ts';

/** How the command line is called in the activity list: a person's surface. */
export const commandLine = 'command line';

/** How long an Airdock that has just taken the data folder may need until it answers, ms. */
const STARTING_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/** Where the Airdock of this data folder answers, tray or not. Rejects with an `AirdockError`: `not-running`, or `unauthorized` where it is another user's. */
export async function findRunning(dataDir: string, waitMs = STARTING_MS): Promise<Connection> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const holder = await findHolder(dataDir);
    if (holder === null) throw new AirdockError(problem('not-running', `No Airdock is running with the data folder ${dataDir}.`, 'Start the app, or "airdock serve". With another data folder: --data-dir.'));
    if (holder.url !== null) {
      const token = await readToken(dataDir);
      if (token === null) throw new AirdockError(problem('unauthorized', `This user cannot read the key of the Airdock that runs (process ${holder.pid}).`, `It is the file token in ${dataDir}.`));
      return { url: holder.url, token, by: commandLine };
    }
    if (Date.now() >= deadline) throw new AirdockError(problem('not-running', `Airdock (process ${holder.pid}) has the data folder ${dataDir}, but does not answer.`, 'It is starting or ending: try again.'));
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
