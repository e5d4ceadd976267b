import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { ErrorAnswer, Host } from "../exchange.ts";
import { readFrame } from "../json-rpc.ts";
import type { LegacyChannel, LegacyConversation } from "../legacy-handler.ts";
import { encodeError } from "../revisions/2026-07-28/encode.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";
import { Peer } from "./peer.ts";

/** One 2025 client on a two-way channel: everything goes to it in the order in which it comes up. */
export class Conversation implements LegacyConversation {
  readonly #channel: LegacyChannel;
  readonly #peer: Peer;

  constructor(host: Host, channel: LegacyChannel) {
    this.#channel = channel;
    this.#peer = new Peer({
      host,
      transport: channel.transport,
      endpoint: channel.endpoint,
      outlet: {
        answer: (_id, text) => channel.send(text),
        during: (_id, text) => {
          channel.send(text);
          return true;
        },
        aside: (text) => channel.send(text),
        abandon: () => {},
      },
    });
    this.#peer.onReady = () =>
      void this.#listen().catch((error: unknown) => host.onProblem("a 2025 client could not listen", error));
  }

  receive(message: unknown, bytes: number): void {
    const frame = readFrame(message);
    if (frame.kind === "invalid") return this.#refuse(frame.id, rpcError(rpcCode.invalidRequest, frame.reason));
    if (frame.kind === "request") {
      const obstacle = this.#peer.obstacleTo(frame.id);
      if (obstacle !== undefined) return this.#refuse(frame.id, obstacle);
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

  #refuse(id: string | number | null, error: ErrorAnswer): void {
    this.#channel.send(encodeError(id, error));
  }
}
