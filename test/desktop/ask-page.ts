import type { Page } from 'playwright';
import type { ChannelInput, ChannelOutput, RequestChannel } from '../../contract/index.ts';

/** What `window.airdock` answers in that page. */
export async function askPage<C extends RequestChannel>(page: Page, channel: C, input: ChannelInput<C>): Promise<ChannelOutput<C>> {
  return page.evaluate(
    ([name, value]) => (window as unknown as { airdock: Record<string, (input: unknown) => Promise<unknown>> }).airdock[name]?.(value),
    [channel as string, input as unknown] as const,
  ) as Promise<ChannelOutput<C>>;
}
