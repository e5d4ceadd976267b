import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a keeper of secrets got it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers: JSON, or a text that is none. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on this machine that answers as a test says; `hang` leaves one without an answer. */
export class SecretKeeper implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (asked: Asked, count: number) => Answer | "hang"): Promise<SecretKeeper> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const url = new URL(request.url ?? "/", "http://keeper");
        const { method = "", headers } = request;
        const body = Buffer.concat(chunks).toString();
        const asked = { method, path: url.pathname, query: url.searchParams, headers, body };
        keeper.asked.push(asked);
        const given = answer(asked, keeper.asked.length);
        if (given === "hang") return;
        const text = typeof given.body === "string" ? given.body : JSON.stringify(given.body ?? {});
        response.writeHead(given.status, { "content-type": "application/json", ...given.headers }).end(text);
      });
    });
    const keeper = new SecretKeeper(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return keeper;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
