import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that nobody should come to: it counts connections, and answers whoever comes. */
export class Trap {
  connections = 0;
  /** Where to it sends whoever comes; undefined: nowhere. */
  redirect: string | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((_, response) => {
      const { redirect: location } = this;
      const headers = { connection: "close", ...(location !== undefined && { location }) };
      response.writeHead(location === undefined ? 200 : 302, headers).end("caught");
    });
    this.#server.on("connection", () => void (this.connections += 1));
  }

  static async start(host = "127.0.0.1", port = 0): Promise<Trap> {
    const trap = new Trap();
    trap.#server.listen(port, host);
    await once(trap.#server, "listening");
    return trap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
