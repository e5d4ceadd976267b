import type { JSONRPCMessage, RequestId, Transport, TransportSendOptions } from "@modelcontextprotocol/server";

/** A result that is JSON text already: it is written out as it stands. */
export class PreparedResult {
  readonly [member: string]: unknown;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

/** Where the SDK's messages go. */
export interface PeerOutlet {
  answer(id: RequestId, text: string): void;
  during(id: RequestId, text: string): boolean;
  aside(text: string): void;
}

/** The SDK's transport, without any wire of its own: messages come in by `receive` and leave by the outlet. */
export class PeerTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport["onmessage"];
  readonly #outlet: PeerOutlet;

  constructor(outlet: PeerOutlet) {
    this.#outlet = outlet;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  receive(message: JSONRPCMessage): void {
    this.onmessage?.(message);
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const related = options?.relatedRequestId;
    if (!("method" in message)) {
      if (message.id !== undefined) this.#outlet.answer(message.id, toText(message));
    } else if (related === undefined) {
      this.#outlet.aside(JSON.stringify(message));
    } else if (!this.#outlet.during(related, JSON.stringify(message)) && "id" in message) {
      return Promise.reject(new Error("the client no longer listens to this request"));
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.onclose?.();
    return Promise.resolve();
  }
}

function toText(message: JSONRPCMessage): string {
  if (!("result" in message) || !(message.result instanceof PreparedResult)) return JSON.stringify(message);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${message.result.text}}`;
}
