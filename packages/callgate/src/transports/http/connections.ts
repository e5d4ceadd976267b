import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** The connections of a server, and what is being answered on each. */
export class Connections {
  readonly #server: Server;
  /** The newest answer on each; answers leave in the order of their requests. */
  readonly #newest = new Map<Socket, ServerResponse | undefined>();

  constructor(server: Server) {
    this.#server = server;
    const note = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#newest.set(request.socket, response);
    server.on("connection", (socket) => {
      this.#newest.set(socket, undefined);
      socket.once("close", () => this.#newest.delete(socket));
    });
    server.on("request", note);
    server.on("checkContinue", note);
  }

  /**
   * Takes no more; ends connections on which nothing is asked at once, each other one when its last answer has been
   * taken, and all that are left after `graceMs`.
   */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise((resolve) => this.#server.once("close", resolve));
    // Node's own way of closing destroys connections whose answer has been written and not been taken yet.
    NetServer.prototype.close.call(this.#server);
    const force = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    // Two turns of the event loop: what has reached this machine is read before anybody is taken for idle.
    await nextTurn();
    await nextTurn();
    for (const [socket, newest] of this.#newest) this.#endWhenIdle(socket, newest);
    await closed;
    clearTimeout(force);
    // Nothing is left to end; this stops what looks after slow requests.
    this.#server.close();
  }

  #endWhenIdle(socket: Socket, newest: ServerResponse | undefined): void {
    if (newest === undefined) {
      // Half a head may have come: the rest is waited for as long as for any request.
      if (socket.bytesRead === 0) socket.destroy();
    } else if (newest.closed) {
      socket.destroySoon();
    } else {
      newest.shouldKeepAlive = false;
      newest.once("close", () => {
        if (this.#newest.get(socket) === newest) socket.destroySoon();
      });
    }
  }
}
