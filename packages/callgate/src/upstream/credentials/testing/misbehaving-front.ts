import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** What the front does to a request for a token instead of passing it on. */
export type Fault =
  /** Fails without asking the provider. */
  | "500"
  | "html"
  | "busy"
  /** Asks the provider, and lets nobody hear the answer: the rotation is done. */
  | "forget"
  /** The same with a page instead of the answer. */
  | "forget-html"
  /** Answers late. */
  | "slow"
  /** Answers with the clock of another day. */
  | "skew";

/** Stands before an authorization server and misbehaves on command. */
export class MisbehavingFront {
  /** Each request for a token takes the next one; what is not there is passed on as it is. */
  readonly faults: Fault[] = [];
  /** How late a slow answer is. */
  slowMs = 300;
  /** Whether an answer is given once more to who asks again with the same refresh token, as servers with a grace period do. */
  hasGrace = true;
  /** How often somebody asked again who had been given the answer: who asks so twice has lost something. */
  reused = 0;
  /** The refresh token that was given out last. */
  newest = "";
  /** Requests for tokens by grant type. */
  readonly asked = new Map<string, number>();
  /** Refreshes at the same moment, at most. */
  mostAtOnce = 0;
  /** Every token that was given out. */
  readonly given = new Set<string>();
  readonly #server: Server;
  readonly #answered = new Map<string, { readonly answer: Relayed; isHeard: boolean }>();
  #atOnce = 0;
  #provider: string | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<MisbehavingFront> {
    const server = createServer((request, response) => {
      front.#serve(request, response).catch(() => response.destroy());
    });
    const front = new MisbehavingFront(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  /** Refreshes that have not been answered yet. */
  get refreshing(): number {
    return this.#atOnce;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was taken back is not given once more. */
  forgetAnswers(): void {
    this.#answered.clear();
  }

  /** Where what is passed on goes to. */
  stand(provider: string): void {
    this.#provider = provider;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (request.url === "/upstream") return send(response, await this.#actAsUpstream(request));
    if (request.method !== "POST" || !request.url?.startsWith("/token"))
      return send(response, await this.#pass(request, body));
    const form = new URLSearchParams(body);
    const grant = form.get("grant_type") ?? "";
    this.asked.set(grant, (this.asked.get(grant) ?? 0) + 1);
    const isRefresh = grant === "refresh_token";
    if (isRefresh) this.mostAtOnce = Math.max(this.mostAtOnce, (this.#atOnce += 1));
    try {
      await this.#answer(request, response, { body, key: form.get("refresh_token") ?? "" });
    } finally {
      if (isRefresh) this.#atOnce -= 1;
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    { body, key }: { readonly body: string; readonly key: string },
  ): Promise<void> {
    const fault = this.faults.shift();
    if (fault === "500") return send(response, { status: 500, type: "text/plain", text: "oops" });
    if (fault === "html") return send(response, page);
    if (fault === "busy")
      return send(response, { status: 429, type: "application/json", text: '{"error":"slow_down"}' });
    const remembered = this.hasGrace ? this.#answered.get(key) : undefined;
    if (remembered?.isHeard === true) this.reused += 1;
    const answer = remembered?.answer ?? (await this.#pass(request, body));
    this.#noteTokens(answer.text);
    const isHeard = fault !== "forget" && fault !== "forget-html";
    if (key !== "" && answer.status === 200) this.#answered.set(key, { answer, isHeard });
    if (fault === "slow") await wait(this.slowMs, undefined, { ref: false });
    if (!isHeard) return fault === "forget" ? void response.destroy() : send(response, page);
    if (fault === "skew") response.setHeader("date", new Date(Date.now() - 86_400_000).toUTCString());
    send(response, answer);
  }

  /** A server that takes the provider's tokens, and says whose they are. */
  async #actAsUpstream({ headers: { authorization = "" } }: IncomingMessage): Promise<Relayed> {
    const token = new URLSearchParams({ token: authorization.replace("Bearer ", "") });
    const response = await fetch(`${this.#provider ?? ""}/test/holds?${token.toString()}`);
    const text = await response.text();
    return { status: text === "no" ? 401 : 200, type: "text/plain", text };
  }

  #noteTokens(text: string): void {
    for (const [, kind, token = ""] of text.matchAll(/"(access|refresh)_token":"([^"]+)"/g)) {
      this.given.add(token);
      if (kind === "refresh") this.newest = token;
    }
  }

  async #pass({ method = "GET", url = "/", headers }: IncomingMessage, body: string): Promise<Relayed> {
    const { authorization = "", "content-type": type = "" } = headers;
    // The provider builds its addresses by what it was asked for.
    const host = new URL(this.url).host;
    const given = { authorization, "content-type": type, "x-forwarded-host": host, "x-forwarded-proto": "http" };
    const response = await fetch(`${this.#provider ?? ""}${url}`, {
      method,
      headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
      ...(method === "POST" && { body }),
    });
    return {
      status: response.status,
      type: response.headers.get("content-type") ?? "text/plain",
      text: await response.text(),
    };
  }
}

interface Relayed {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const page: Relayed = { status: 200, type: "text/html", text: "<html><body>Sign in</body></html>" };

function send(response: ServerResponse, { status, type, text }: Relayed): void {
  response.writeHead(status, { "content-type": type }).end(text);
}
