/** Puts text on the clipboard. False where that is not to be had: no secure context, no permission, no focus. */
export async function copyText(words: string, window: Window): Promise<boolean> {
  if (!window.isSecureContext) return false;
  return window.navigator.clipboard.writeText(words).then(
    () => true,
    () => false,
  );
}
