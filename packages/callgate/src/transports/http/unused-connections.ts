import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Connections that clients have opened ahead of need. Node counts one that has sent nothing as busy, and would wait for it. */
export class UnusedConnections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** Ends those that still have sent nothing. */
  end(): void {
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
