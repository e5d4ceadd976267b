import { isIP, type Socket } from "node:net";
import type { buildConnector } from "undici";
import { guardedLookup } from "./guarded-lookup.ts";
import { refusalOf, type WrittenBy } from "./may-reach.ts";

interface Connecting {
  readonly build: typeof buildConnector;
  readonly timeoutMs?: number;
  /** Ends what is not connected yet: a pool that is destroyed leaves that to its time limit. */
  readonly closing?: AbortSignal;
}

/** How a pool of undici connects: only to addresses that `writtenBy` may lead to, in whatever spelling. */
export function guardedConnector(
  writtenBy: WrittenBy,
  { build, timeoutMs, closing }: Connecting,
): buildConnector.connector {
  const begun = new Set<Socket>();
  closing?.addEventListener("abort", () => {
    for (const socket of begun) socket.destroy(new Error("closed before it was connected"));
  });
  const connect = build({ lookup: guardedLookup(writtenBy), ...(timeoutMs !== undefined && { timeout: timeoutMs }) });
  return (options, callback) => {
    const address = options.hostname.replaceAll(/[[\]]/g, "");
    // An address is never looked up.
    const refusal = isIP(address) === 0 ? undefined : refusalOf(writtenBy, address, address);
    if (refusal !== undefined) return process.nextTick(callback, refusal, null);
    // Its type does not say that the socket is given back.
    const socket = connect(options, (...told) => {
      begun.delete(socket);
      callback(...told);
    }) as unknown as Socket;
    begun.add(socket);
  };
}
