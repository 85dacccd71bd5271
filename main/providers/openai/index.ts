import type { Provider } from '../provider.ts';
import { createBrokenProvider } from './broken.ts';
import { createLocalProvider } from './local/provider.ts';
import { createOnlineProvider } from './online.ts';
import { connect, type OpenAiOptions } from './server.ts';

export type { OpenAiOptions } from './server.ts';

/** A server that speaks OpenAI's language, of this computer or elsewhere. */
export function createOpenAiProvider(options: OpenAiOptions): Provider {
  const connected = connect(options);
  if (!connected.ok) return createBrokenProvider(options.settings, connected);
  return options.settings.local ? createLocalProvider(connected.server, options) : createOnlineProvider(connected.server);
}
