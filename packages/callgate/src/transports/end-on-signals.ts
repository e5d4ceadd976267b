/** What a process that serves needs to end well. */
export interface GracefulEnd {
  /** Finishes what runs, and releases everything. */
  readonly close: () => Promise<void>;
  /** Told, in words for people, what is being waited for. */
  readonly say: (words: string) => void;
  /** What SIGHUP does instead where no terminal is there to hang up: finds secrets anew. Left out: it ends, as the others do. */
  readonly renew?: () => Promise<void>;
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** 128 and the signal's number, as shells say it. */
const NUMBERS = { SIGTERM: 15, SIGINT: 2, SIGHUP: 1 } as const;

/** npm passes a Ctrl-C on that the terminal has delivered already: what comes this soon is the same one. */
const SAME_SIGNAL_MS = 250;

/**
 * The first signal drains: calls in flight finish, then the process exits with 0, or with 1 where closing failed.
 * The second one exits at once. SIGHUP does something else where that is given.
 */
export function endOnSignals({ close, say, renew }: GracefulEnd): void {
  let closingSince: number | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (signal === "SIGHUP" && renew !== undefined && !process.stdin.isTTY) {
        say("SIGHUP: secrets are found anew.");
        return void renew().catch((error: unknown) => say(`Secrets were not found anew: ${String(error)}`));
      }
      if (closingSince !== undefined) {
        if (performance.now() - closingSince > SAME_SIGNAL_MS) process.exit(128 + NUMBERS[signal]);
        return;
      }
      closingSince = performance.now();
      say(`${signal}: finishing the calls in flight; once more ends at once.`);
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`The gate did not close well: ${error instanceof Error ? error.message : String(error)}`);
          process.exit(1);
        },
      );
    });
  }
}
