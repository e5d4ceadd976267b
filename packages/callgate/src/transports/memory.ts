import { setImmediate as nextTurn } from "node:timers/promises";
import { Channel, type ChannelOptions } from "../wire/channel.ts";
import { localCaller } from "./local-caller.ts";

/** The gate behind a transport within the process, and who calls through it. */
export interface MemoryTransportOptions extends Pick<ChannelOptions, "host" | "legacy" | "endpoint" | "maxInFlight"> {
  /** The key that this client calls with. Without one it is the user of this process. */
  readonly key?: string;
  /** Milliseconds that running calls have to finish in once the client closes. 1,000 unless said otherwise. */
  readonly graceMs?: number;
}

/**
 * A client transport for a gate within the same process: pass it to the official client's `connect`. Every message goes
 * through the same codec as over stdio, as JSON text.
 */
export interface MemoryTransport {
  onmessage?: ((message: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  start(): Promise<void>;
  send(message: object): Promise<void>;
  close(): Promise<void>;
}

/** Connects a client to a host without any wire between them. */
export function createMemoryTransport(options: MemoryTransportOptions): MemoryTransport {
  const { graceMs = 1_000, key, ...rest } = options;
  let closed = false;
  const transport: MemoryTransport = {
    start: () => Promise.resolve(),
    send: (message) => {
      if (closed) return Promise.reject(new Error("The transport is closed."));
      const bytes = Buffer.from(JSON.stringify(message));
      // A client that is called back within its own send would not be ready for the answer.
      queueMicrotask(() => channel.receive(bytes));
      return Promise.resolve();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await channel.close({ graceMs });
      // Behind the answers that are on their way.
      await nextTurn();
      transport.onclose?.();
    },
  };
  const channel = new Channel({
    ...rest,
    transport: "memory",
    presented: localCaller(key),
    // One message a turn, as from a wire: clients finish with a notification before they see the answer behind it.
    write: (text) => void setImmediate(() => transport.onmessage?.(JSON.parse(text))),
  });
  return transport;
}
