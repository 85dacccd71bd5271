/** Runs `run` at the first call, and what comes within `everyMs` after it once together: a burst costs little, and nothing is missed. */
export function gather(run: () => void, everyMs: number): () => void {
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  const rest = (): void => {
    timer = null;
    if (!again) return;
    again = false;
    call();
  };
  function call(): void {
    if (timer !== null) {
      again = true;
      return;
    }
    timer = setTimeout(rest, everyMs).unref();
    run();
  }
  return call;
}
