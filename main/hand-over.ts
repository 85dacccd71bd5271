import { connectManager } from './client/connect-manager.ts';
import { readToken } from './data/token.ts';

/** A fresh address of the dashboard of the Airdock that has this data folder; null where it does not answer, or not to this user. */
export async function signInLinkOf(url: string, dataDir: string, by: string): Promise<string | null> {
  const token = await readToken(dataDir);
  if (!token) return null;
  const client = connectManager({ url, token, by });
  try {
    const answer = await client.call('signInLink', {});
    return answer.ok ? answer.value.url : null;
  } catch {
    return null;
  } finally {
    await client.close();
  }
}
