import type { Bridge, OperationInput, OperationName, OperationOutput, ServerEvent } from '../contract/index.ts';
import { text } from './text/text.ts';
import type { CallResult, Subscription, Transport } from './transport.ts';
import { problemIn } from './view/problem-in.ts';

/** The contract over the desktop app's bridge. Engine and window are one program, so there is nobody to sign in to. */
export function createBridgeTransport(bridge: Bridge): Transport {
  async function call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<CallResult<N>> {
    try {
      const answer = await bridge.call({ operation, input });
      if (answer.ok) return { ok: true, output: answer.value as OperationOutput<N> };
      return { ok: false, kind: 'refused', problem: problemIn(answer) ?? text.problems.unreachable };
    } catch {
      // The bridge rejects where nobody takes the message any more: Airdock is ending.
      return { ok: false, kind: 'unreachable', problem: text.problems.unreachable };
    }
  }

  function subscribe(onEvent: (event: ServerEvent) => void, onLost: () => void): Subscription {
    let open = true;
    // Before asking: the snapshot comes ahead of the answer.
    const off = bridge.on('event', (event) => {
      if (open) onEvent(event);
    });
    const end = (): boolean => {
      const was = open;
      open = false;
      if (was) off();
      return was;
    };
    const lost = (): void => {
      if (end()) onLost();
    };
    bridge.subscribe({}).then((answer) => {
      if (!answer.ok) lost();
    }, lost);
    return {
      close() {
        if (end()) bridge.unsubscribe({}).catch(() => undefined);
      },
    };
  }

  return { call, subscribe, signIn: () => Promise.resolve() };
}
