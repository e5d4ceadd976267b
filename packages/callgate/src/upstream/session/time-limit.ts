export interface TimeLimit {
  /** Aborts when the other one does, or when the time is over. */
  readonly signal: AbortSignal;
  /** Lets go of the other one and of the timer: `AbortSignal.any` with a timeout would hold some of both until then. */
  end(): void;
}

/** A signal and a time, whichever is over first. Keeps no process alive. */
export function timeLimit(signal: AbortSignal, ms: number): TimeLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new DOMException("The time is over.", "TimeoutError")), ms);
  timer.unref();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}
