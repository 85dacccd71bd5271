import { readKey } from '../key.ts';
import type { Provider } from '../provider.ts';
import { parseBaseUrl } from './address.ts';
import { createBrokenProvider } from './broken.ts';
import { createKeychainProvider } from './keychain.ts';
import { createLocalProvider } from './local/provider.ts';
import { createOnlineProvider } from './online.ts';
import { connect, urlOf, type OpenAiOptions, type Shown } from './server.ts';

export type { OpenAiOptions } from './server.ts';

/** A server that speaks OpenAI's language, of this computer or elsewhere. */
export function createOpenAiProvider(options: OpenAiOptions): Provider {
  const { settings, env } = options;
  const name = settings.label ?? settings.id;
  const parsed = parseBaseUrl(settings.base_url, name);
  if (!parsed.ok) return createBrokenProvider(settings, { url: null, problem: parsed.problem });
  const { address } = parsed;
  const withKey = (shown: Shown): Provider => {
    const server = connect(options, address, shown);
    return settings.local ? createLocalProvider(server, options) : createOnlineProvider(server);
  };

  const variable = settings.key_env;
  const read = readKey(variable, env, name);
  const isUnset = variable === null || (!read.ok && read.problem.code === 'bad-key' && !env[variable]?.trim());
  if (settings.keychain && isUnset) return createKeychainProvider(options, urlOf(address), withKey);
  if (!read.ok) return createBrokenProvider(settings, { url: urlOf(address), problem: read.problem });
  return withKey({ key: read.key, keyPlace: variable === null ? null : { words: `in the variable ${variable}`, hint: 'Set the right one where Airdock is started, and start Airdock again.' } });
}
