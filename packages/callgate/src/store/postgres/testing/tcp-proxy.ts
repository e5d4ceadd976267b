import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a proxy does with the next message to the server that holds the words it was armed with. */
export type Fault =
  /** The server never gets it, and the connection ends. */
  | "cut-before"
  /** The server does it; its answer gets lost with the connection. */
  | "cut-after"
  /** The server does it; its answer never comes, and the connection stays. */
  | "stall";

interface Armed {
  readonly fault: Fault;
  readonly words: string;
  readonly struck: () => void;
}

/** Stands between a store and its server, and does to their connections what networks do. */
export class TcpProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #armed: Armed | undefined;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** The same address, through the proxy. */
  through(url: string): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the proxy does not listen");
    return url.replace(/:\d+\//, `:${address.port}/`);
  }

  /** Waits for a message with these words; resolves once the fault has struck. */
  strike(fault: Fault, words: string): Promise<void> {
    return new Promise((resolve) => {
      this.#armed = { fault, words, struck: resolve };
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(client: Socket): void {
    const server = connect(this.#target, "127.0.0.1");
    let answer: "pass" | "cut" | "hold" = "pass";
    let struck: (() => void) | undefined;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (data) => {
      const armed = this.#armed;
      if (armed !== undefined && data.includes(armed.words)) {
        this.#armed = undefined;
        struck = armed.struck;
        answer = armed.fault === "stall" ? "hold" : "cut";
        if (armed.fault === "cut-before") {
          client.destroy();
          armed.struck();
          return;
        }
      }
      server.write(data);
    });
    server.on("data", (data) => {
      if (answer === "pass") client.write(data);
      else if (answer === "cut") client.destroy();
      struck?.();
    });
  }
}
