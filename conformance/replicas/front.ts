import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as passed } from "node:timers/promises";

const ASK_EVERY_MS = 50;

interface Behind {
  readonly url: string;
  isReady: boolean;
}

/**
 * A load balancer as plain as they come: one replica after the other of those that say they are ready. A request that
 * no connection could be had for goes to the next one; one that was sent is not sent again, whatever becomes of it.
 */
export class Front {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #behind = new Map<string, Behind>();
  readonly #stop = new AbortController();
  readonly #server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));
  #turn = 0;

  static async start(): Promise<Front> {
    const front = new Front();
    front.#server.listen(0, "127.0.0.1");
    await once(front.#server, "listening");
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sends calls there from the moment it says that it is ready; resolves then. */
  async add(url: string): Promise<void> {
    const behind: Behind = { url, isReady: false };
    this.#behind.set(url, behind);
    void this.#watch(behind);
    while (!behind.isReady) await passed(10);
  }

  remove(url: string): void {
    this.#behind.delete(url);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #watch(behind: Behind): Promise<void> {
    while (!this.#stop.signal.aborted && this.#behind.get(behind.url) === behind) {
      behind.isReady = await fetch(`${behind.url}/ready`).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.ok;
        },
        () => false,
      );
      await passed(ASK_EVERY_MS);
    }
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => this.#send({ incoming, outgoing, body: Buffer.concat(chunks), tries: 5 }));
  }

  #send(sending: { incoming: IncomingMessage; outgoing: ServerResponse; body: Buffer; tries: number }): void {
    const { incoming, outgoing, body, tries } = sending;
    const ready = [...this.#behind.values()].filter(({ isReady }) => isReady);
    this.#turn += 1;
    const next = ready[this.#turn % ready.length];
    const fail = (why: string): void => void outgoing.writeHead(502).end(why);
    if (next === undefined || tries === 0) return fail("no replica is ready");
    const { method, headers, url } = incoming;
    const host = new URL(next.url).host;
    const on = request(`${next.url}${url}`, { method, headers: { ...headers, host }, agent: this.#agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] });
      answer.pipe(outgoing);
    });
    on.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") this.#send({ ...sending, tries: tries - 1 });
      else fail(`${error.code}: ${error.message}`);
    });
    on.end(body);
  }
}
