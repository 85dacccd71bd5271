import { useEffect, useState } from 'react';
import type { Bridge, DesktopState, Problem } from '../../../contract/index.ts';
import { bridgeOf } from '../../desktop.ts';
import { text } from '../../text/text.ts';

/** The desktop app around this page, where there is one. */
export function useDesktop(): { bridge: Bridge | null; state: DesktopState | null } {
  const bridge = bridgeOf(window);
  const [state, setState] = useState<DesktopState | null>(null);
  useEffect(() => {
    if (bridge === null) return;
    const stop = bridge.on('desktop', setState);
    let told = true;
    void bridge.desktopState({}).then(
      (answer) => {
        if (told && answer.ok) setState(answer.value);
      },
      () => undefined,
    );
    return () => {
      told = false;
      stop();
    };
  }, [bridge]);
  return { bridge, state };
}

type Answer = { ok: true; value: unknown } | { ok: false; problem: Problem };

/** One thing that the desktop app is asked to do, with its refusal kept beside the button. */
export function useDesktopCommand<A extends Answer>(command: () => Promise<A>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function run(): Promise<A | null> {
    if (busy) return null;
    setBusy(true);
    setProblem(null);
    const answer = await command().catch(() => null);
    setBusy(false);
    if (answer === null) setProblem(text.problems.unreachable);
    else if (!answer.ok) setProblem(answer.problem);
    return answer;
  }
  return { busy, problem, run };
}
