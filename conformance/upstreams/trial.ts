import { toCallError } from "../../packages/callgate/src/upstream/call-errors.ts";
import type { UpstreamConnection } from "../../packages/callgate/src/upstream/connection.ts";
import { requestOptions } from "../../packages/callgate/src/upstream/testing/request-options.ts";
import { UpstreamError } from "../../packages/callgate/src/upstream/upstream-error.ts";

/** The deadline of calls that nothing answers; those that something answers have another that is never reached. */
export const STALLED_MS = 100;
export const ANSWERED_MS = 30_000;

/** A server that misbehaves in one way, and how every call to it has to end. */
export interface Trial {
  readonly name: string;
  /** A code, with `!` where nothing was done for certain; or `answered`. */
  readonly told: string;
  start(): Promise<RunningTrial>;
}

export interface RunningTrial {
  /** How many calls it is given at the same time. */
  readonly sideBySide: number;
  call(): Promise<string>;
  /** Ends our side, and gives back how many connections the server has open all the same. */
  end(): Promise<number>;
}

export interface Tried {
  /** How often each answer came. */
  readonly told: Readonly<Record<string, number>>;
  /** The longest that a call took. */
  readonly slowestMs: number;
  /** Connections that the server still had open when ours was closed. */
  readonly left: number;
}

/** Makes so many calls, some side by side, to a server that misbehaves. */
export async function runTrial(trial: Trial, calls: number): Promise<Tried> {
  const running = await trial.start();
  const told: Record<string, number> = {};
  let slowestMs = 0;
  let toMake = calls;
  const worker = async (): Promise<void> => {
    while (toMake-- > 0) {
      const begun = performance.now();
      const answer = await running.call();
      slowestMs = Math.max(slowestMs, performance.now() - begun);
      told[answer] = (told[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(running.sideBySide, calls) }, worker));
  return { told, slowestMs, left: await running.end() };
}

/** What one call is told. */
export async function callOnce(connection: UpstreamConnection, withinMs: number): Promise<string> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException("too late", "TimeoutError")), withinMs);
  const options = requestOptions({ signal: deadline.signal });
  try {
    const { kind } = await connection.request("tools/call", { name: "do", arguments: {} }, options);
    return kind === "result" ? "answered" : kind;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { code, nothingDone } = toCallError(error, "crm");
    return nothingDone ? `${code}!` : code;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until nothing is open, ten seconds at most; gives back what is open then. */
export async function untilNone(open: () => number): Promise<number> {
  const until = performance.now() + 10_000;
  while (open() > 0 && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  return open();
}
