import type { BackendSecrets } from "../define/backend.ts";
import { isCallError } from "../define/call-error.ts";
import type { Stop } from "../define/stop.ts";
import { gateError } from "./answers/gate-error.ts";
import type { Call } from "./call/call.ts";
import { GateContext } from "./context/context.ts";
import { Deadline } from "./context/deadline.ts";

/** Stage 10 for reads: the tool's own code, under deadline and breaker. */
export function run(call: Call): Promise<unknown> {
  return guarded(call, (stop) => {
    const { served } = call;
    const ctx = new GateContext(call, "read", stop);
    if (served.kind !== "tool") return served.run(call.input as Record<string, string>, ctx);
    if (served.declaration.effect !== "read") throw new Error(`${served.name} is not a read`);
    return served.declaration.run(call.input, ctx);
  });
}

/** What is begun with less of its time left would be cut off, and nobody knew what it did. */
const LEAST_LEFT = 0.1;

interface Guarding {
  /** The credential that the work has: its backend and its breaker go by that. */
  readonly access: BackendSecrets["access"];
  readonly giveUpWithClient: boolean;
}

/** Runs work of a tool on its backend: not while the breaker is open, not past the deadline, and the breaker learns from it. */
export async function guarded(
  call: Call,
  work: (stop: Stop) => unknown,
  { access, giveUpWithClient }: Guarding = { access: "read", giveUpWithClient: true },
): Promise<unknown> {
  const { domain } = call.served;
  const breaker = domain.breakers[access];
  const starting = domain.startingOf(access);
  const isInTime = starting === undefined || (await started(call, starting, giveUpWithClient));
  // What is known to be down is not tried: its one try is left for when it is up again.
  const wait = isInTime && domain.problemOf(access) === undefined ? breaker.enter() : 1_000;
  if (wait > 0) {
    const how = isInTime ? "does not answer" : "is still starting";
    throw gateError("backend_down", `The backend of ${domain.name} ${how}.`, {
      next: "Try again later, or tell the people who run this.",
      retry: { afterMs: Math.max(wait, 1_000) },
    });
  }
  const deadline = new Deadline(call, { giveUpWithClient });
  try {
    const result = work(deadline.stop);
    const value = isThenable(result) ? await deadline.within(Promise.resolve(result)) : result;
    breaker.succeeded();
    return value;
  } catch (error) {
    if (isBackendFailure(call, error)) breaker.failed();
    // A backend that says no is there.
    else if (!call.isInner(error) && isCallError(error) && error.category === "domain") breaker.succeeded();
    throw error;
  }
}

/** A backend that is being started is waited for; false where the call has no time left for its work by then. */
async function started(call: Call, starting: Promise<unknown>, giveUpWithClient: boolean): Promise<boolean> {
  try {
    await new Deadline(call, { giveUpWithClient }).within(starting);
    return call.deadline - call.gate.clock() > call.timeoutMs * LEAST_LEFT;
  } catch (error) {
    if (isCallError(error) && error.code === "deadline_exceeded") return false;
    throw error;
  }
}

/** Query builders are no promises, but want to be awaited like one. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isBackendFailure(call: Call, error: unknown): boolean {
  if (call.isInner(error)) return false;
  if (!isCallError(error)) return true;
  return error.code === "deadline_exceeded" || error.category === "network";
}
