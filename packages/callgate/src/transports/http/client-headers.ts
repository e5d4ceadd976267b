import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ParamHeaders, Presented } from "../../wire/exchange.ts";
import { decodeHeaderValue } from "../../wire/header-value.ts";

/** A request's headers as the host sees them. */
export class ClientHeaders implements Presented, ParamHeaders {
  readonly local = false;
  readonly #request: IncomingMessage;
  readonly #headers: IncomingHttpHeaders;

  constructor(request: IncomingMessage) {
    this.#request = request;
    this.#headers = request.headers;
  }

  get authorization(): string | undefined {
    return this.#headers.authorization;
  }

  get remoteAddress(): string | undefined {
    return this.#request.socket.remoteAddress;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  get(name: string): string | null | undefined {
    const value = this.header(`mcp-param-${name.toLowerCase()}`);
    return value === undefined ? undefined : decodeHeaderValue(value);
  }
}
