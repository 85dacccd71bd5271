import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import type { Exit } from '../exits.ts';

/** Imported late: it brings the whole engine. */
export async function run({ value, has, dataDirOption }: Context): Promise<Exit> {
  const { readPort, serve } = await import('../../serve.ts');
  let port: number | undefined;
  try {
    port = readPort(value('port'));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return serve({ port, dataDir: dataDirOption, lan: has('lan') || undefined, open: !has('no-open'), link: !has('no-link') });
}
