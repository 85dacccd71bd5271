/** Waits for the work, but no longer than that. */
export async function withLimit(work: Promise<unknown>, ms: number): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (limit = setTimeout(resolve, Math.max(0, ms))))]);
  clearTimeout(limit);
}
