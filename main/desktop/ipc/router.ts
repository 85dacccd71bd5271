import type { WebContents } from 'electron';
import { channelPrefix, channels, issuesInWords, problem, requestChannels, type ChannelOutput, type ParsedChannelInput, type Problem, type RequestChannel } from '../../../contract/index.ts';
import type { ElectronParts } from '../parts.ts';
import type { SenderEvent } from '../security/trusted-sender.ts';

/** One handler for each channel of the contract; TypeScript wants them all. `page`: who asks. */
export type ChannelHandlers = {
  readonly [C in RequestChannel]: (input: ParsedChannelInput<C>, page: WebContents) => ChannelOutput<C> | Promise<ChannelOutput<C>>;
};

export interface IpcRouterDeps {
  ipcMain: Pick<ElectronParts['ipcMain'], 'handle' | 'removeHandler'>;
  handlers: ChannelHandlers;
  isTrusted(event: SenderEvent): boolean;
  onFault(fault: unknown): void;
}

/** What to do about a fault: the desktop app writes each into its log. */
export const inLog = 'The details are in the log.';

type Refusal = { ok: false; problem: Problem };

/** The only place where a channel is opened: every message is checked in sender and shape, and answered with a value, whatever happens. */
export function createIpcRouter({ ipcMain, handlers, isTrusted, onFault }: IpcRouterDeps): { close(): void } {
  async function answer(name: RequestChannel, event: SenderEvent, input: unknown): Promise<unknown> {
    try {
      if (!isTrusted(event)) {
        onFault(new Error(`A sender that is not the dashboard asked for ${name}.`));
        return refuse(problem('forbidden', 'Only Airdock’s own page may ask for this.'));
      }
      const { sender } = event;
      const parsed = channels[name].input.safeParse(input);
      if (!parsed.success) return refuse(problem('bad-request', `The message to ${name} is wrong: ${issuesInWords(parsed.error.issues)}.`));
      // The table ties each input to its handler, which TypeScript cannot follow through a name known only at run time.
      const handler = handlers[name] as (input: unknown, page: WebContents) => unknown;
      const output = channels[name].output.safeParse(await handler(parsed.data, sender));
      if (output.success) return output.data;
      throw new Error(`The answer of ${name} is not what the contract says: ${issuesInWords(output.error.issues)}.`);
    } catch (fault) {
      onFault(fault);
      return refuse(problem('internal', `Airdock failed at ${name}.`, inLog));
    }
  }

  for (const name of requestChannels) ipcMain.handle(channelPrefix + name, (event, input: unknown) => answer(name, event, input));

  return {
    close() {
      for (const name of requestChannels) ipcMain.removeHandler(channelPrefix + name);
    },
  };
}

function refuse(problem: Problem): Refusal {
  return { ok: false, problem };
}
