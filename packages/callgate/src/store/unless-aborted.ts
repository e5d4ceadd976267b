/** Resolves with the check; rejects with the signal's reason as soon as it is aborted, however long the check takes. */
export async function unlessAborted(signal: AbortSignal, check: () => Promise<unknown>): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([check(), promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
