import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "../../wire/exchange.ts";
import { revision } from "../../wire/revisions/2026-07-28/revision.ts";

const complete = { resultType: "complete", ttlMs: 60_000, cacheScope: "public" } as const;
const inputSchema = {
  type: "object",
  properties: {
    property_id: { type: "string", description: "Which property is asked for." },
    start: { type: "string", format: "date", description: "The first day." },
    end: { type: "string", format: "date", description: "The day after the last one." },
  },
};

interface Request {
  readonly id?: number | string;
  readonly method: string;
  readonly params: JsonObject;
}

/**
 * Many servers of MCP 2026-07-28 in one process, each with tools of its own: for what a gate does with many of them. One
 * can be stalled, which then takes requests and answers none.
 */
export class ManyServers {
  readonly count: number;
  readonly #tools: number;
  readonly #stalled = new Set<number>();
  readonly #held: (() => void)[] = [];
  readonly #server = createServer((request, response) => void this.#take(request, response));

  private constructor(count: number, tools: number) {
    this.count = count;
    this.#tools = tools;
    // Whoever has connections open finds them as they were.
    this.#server.keepAliveTimeout = 3_600_000;
  }

  /** `tools` is how many each has. */
  static async start(count: number, { tools, port = 0 }: { tools: number; port?: number }): Promise<ManyServers> {
    const many = new ManyServers(count, tools);
    many.#server.listen(port, "127.0.0.1");
    await once(many.#server, "listening");
    return many;
  }

  /** The MCP endpoint of one, by its number from 0. */
  url(number: number): string {
    return `${this.#address}/mcp/${number}`;
  }

  /** The name of a tool, by the number of its server and its own. */
  toolOf(number: number, tool: number): string {
    return `find_${number}x${tool}`;
  }

  /** From now on this one answers nothing. */
  stall(number: number): void {
    this.#stalled.add(number);
  }

  /** How many requests wait for an answer that does not come. */
  get held(): number {
    return this.#held.length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  get #address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const number = Number(request.url?.split("/").at(-1));
    const answer = (): void => {
      const body = this.#answer(number, JSON.parse(Buffer.concat(chunks).toString()) as Request);
      if (body === undefined) return void response.writeHead(202).end();
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    };
    if (this.#stalled.has(number)) this.#held.push(answer);
    else answer();
  }

  #answer(number: number, { id, method, params }: Request): string | undefined {
    if (id === undefined) return undefined;
    const result = this.#resultOf(number, method, params);
    if (result !== undefined) return JSON.stringify({ jsonrpc: "2.0", id, result });
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: `Method not found: ${method}` } });
  }

  #resultOf(number: number, method: string, params: JsonObject): JsonObject | undefined {
    const _meta = { "io.modelcontextprotocol/serverInfo": { name: `server-${number}`, version: "1.0.0" } };
    if (method === "server/discover")
      return { ...complete, supportedVersions: [revision], capabilities: { tools: {} }, _meta };
    if (method === "tools/list") return { ...complete, tools: this.#list(number) };
    if (method !== "tools/call") return undefined;
    const structuredContent = { called: params["name"] };
    return {
      resultType: "complete",
      content: [{ type: "text", text: JSON.stringify(structuredContent) }],
      structuredContent,
    };
  }

  #list(number: number): readonly JsonObject[] {
    return Array.from({ length: this.#tools }, (_, tool) => ({
      name: this.toolOf(number, tool),
      description: `Finds what server ${number} knows of subject ${tool} between two dates, the newest first.`,
      inputSchema,
      annotations: { readOnlyHint: true },
    }));
  }
}
