import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { Host } from "../exchange.ts";
import { readFrame } from "../json-rpc.ts";
import type { LegacyChannel, LegacyConversation } from "../legacy-handler.ts";
import { encodeError } from "../revisions/2026-07-28/encode.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";
import { Peer } from "./peer.ts";

const mostRunning = 256;

/** One 2025 client on a two-way channel: everything goes to it in the order in which it comes up. */
export class Conversation implements LegacyConversation {
  readonly #channel: LegacyChannel;
  readonly #peer: Peer;
  #running = 0;

  constructor(host: Host, channel: LegacyChannel) {
    this.#channel = channel;
    this.#peer = new Peer({
      host,
      transport: channel.transport,
      endpoint: channel.endpoint,
      outlet: {
        answer: (_id, text) => {
          this.#running--;
          channel.send(text);
        },
        during: (_id, text) => {
          channel.send(text);
          return true;
        },
        aside: (text) => channel.send(text),
        abandon: () => void this.#running--,
      },
    });
    this.#peer.onReady = () =>
      void this.#listen().catch((error: unknown) => host.onProblem("a 2025 client could not listen", error));
  }

  receive(message: unknown, bytes: number): void {
    const frame = readFrame(message);
    if (frame.kind === "invalid") return this.#refuse(frame.id, rpcError(rpcCode.invalidRequest, frame.reason));
    if (frame.kind === "request") {
      if (this.#peer.isRunning(frame.id)) return this.#refuse(frame.id, idInUse);
      if (this.#running >= mostRunning) return this.#refuse(frame.id, tooMany);
      this.#running++;
    }
    // `readFrame` has judged its shape.
    this.#peer.receive(message as JSONRPCMessage, { presented: this.#channel.presented, bytes });
  }

  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    await this.#peer.settle(graceMs);
    await this.#peer.close();
  }

  async #listen(): Promise<void> {
    const from = { presented: this.#channel.presented, bytes: 0 };
    // A caller who may not listen hears of no changes; its calls say why.
    await this.#peer.changes.listen(this.#peer.exchange("subscriptions/listen", {}, from), () => {});
  }

  #refuse(id: string | number | null, error: ReturnType<typeof rpcError>): void {
    this.#channel.send(encodeError(id, error));
  }
}

const idInUse = rpcError(rpcCode.invalidRequest, "A request with this id is still in flight.");
const tooMany = rpcError(rpcCode.limited, "Too many requests in flight: wait for answers before asking more.");
