import { connect } from '../app/airdock.ts';
import type { Place, Test } from '../app/place.ts';
import { until } from '../app/until.ts';
import type { ConnectedManager } from '../../main/client/connect-manager.ts';
import { findHolder } from '../../main/data/lock.ts';

/** The address of the Airdock that owns this place; null where nobody does. */
export async function addressOf(place: Place): Promise<string | null> {
  return (await findHolder(place.dataDir))?.url ?? null;
}

/** A program of the same person, which speaks HTTP to the desktop app as any script does. */
export async function connectScript(test: Test, place: Place, by = 'nightly.py'): Promise<ConnectedManager> {
  const url = await until(() => addressOf(place), (address) => address !== null, 20_000);
  const client = await connect(place, url ?? '', by);
  test.onTestFinished(() => client.close());
  return client;
}
