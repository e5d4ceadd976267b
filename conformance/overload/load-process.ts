import { connect, type Socket } from "node:net";
import type { LoadOptions, LoadResult, Percentiles } from "./messages.ts";

/** A client of HTTP that costs next to nothing: one call at a time on each connection, prepared bytes, answers looked at where they begin and end. */
const options = JSON.parse(process.argv[2] ?? "") as LoadOptions;
const HEAD_END = "\r\n\r\n";
const request = toRequest(options);

const counts = { offered: 0, good: 0, refused: 0, late: 0, unsent: 0, broken: 0, wrong: 0 };
const goodMs: number[] = [];
const refusedMs: number[] = [];
const idle: Connection[] = [];
const busy = new Set<Connection>();
let ended = false;

class Connection {
  readonly #socket: Socket;
  #answer = "";
  #sentAt = 0;
  #closed = false;

  constructor() {
    this.#socket = connect(options.port, "127.0.0.1");
    this.#socket.setNoDelay(true).setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#take(text));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#lost());
  }

  get age(): number {
    return performance.now() - this.#sentAt;
  }

  send(): void {
    this.#sentAt = performance.now();
    busy.add(this);
    this.#socket.write(request);
  }

  giveUp(): void {
    counts.late += 1;
    this.#close();
  }

  #take(text: string): void {
    this.#answer += text;
    const head = this.#answer.indexOf(HEAD_END);
    if (head === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#answer.slice(0, head))?.[1] ?? -1);
    if (length >= 0 && this.#answer.length < head + HEAD_END.length + length) return;
    this.#judge(this.#answer.slice(0, head), this.#answer.slice(head));
    const closes = /\r\nconnection: close/i.test(this.#answer.slice(0, head));
    this.#answer = "";
    busy.delete(this);
    if (closes || ended) return this.#close();
    if (options.rate === undefined) start(this);
    else idle.push(this);
  }

  #judge(head: string, body: string): void {
    if (head.startsWith("HTTP/1.1 200") && body.includes('"done":true')) {
      counts.good += 1;
      goodMs.push(this.age);
    } else if (/^HTTP\/1\.1 (503|429)/.test(head) && /\r\nretry-after: \d/i.test(head)) {
      counts.refused += 1;
      refusedMs.push(this.age);
    } else counts.wrong += 1;
  }

  #lost(): void {
    if (this.#closed) return;
    if (busy.has(this)) counts.broken += 1;
    this.#close();
  }

  #close(): void {
    this.#closed = true;
    busy.delete(this);
    const at = idle.indexOf(this);
    if (at !== -1) idle.splice(at, 1);
    this.#socket.destroy();
    if (options.rate === undefined && !ended) start(new Connection());
  }
}

function start(connection: Connection): void {
  counts.offered += 1;
  connection.send();
}

/** Sends what is due by now; what finds no connection is what a client's own pool would have refused. */
function sendDue(rate: number, startedAt: number): void {
  const due = Math.floor(((performance.now() - startedAt) / 1_000) * rate);
  while (counts.offered < due) {
    const connection = idle.pop() ?? (busy.size < options.connections ? new Connection() : undefined);
    if (connection === undefined) {
      counts.unsent += due - counts.offered;
      counts.offered = due;
    } else start(connection);
  }
}

function toRequest({ port, work }: LoadOptions): string {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: "do_work",
      arguments: { compute_us: work.computeUs, wait_ms: work.waitMs },
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "load", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  });
  const headers = [
    "POST /mcp HTTP/1.1",
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    "accept: application/json, text/event-stream",
    "mcp-protocol-version: 2026-07-28",
    "mcp-method: tools/call",
    "mcp-name: do_work",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${headers.join("\r\n")}${HEAD_END}${body}`;
}

function percentiles(times: number[]): Percentiles {
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

const { rate, connections, seconds, deadlineMs } = options;
const startedAt = performance.now();
const ticking = setInterval(() => {
  if (rate !== undefined) sendDue(rate, startedAt);
}, 1);
const reaping = setInterval(() => {
  // The oldest stand first.
  for (const connection of busy) {
    if (connection.age < deadlineMs) break;
    connection.giveUp();
  }
}, 20);
if (rate === undefined) for (let index = 0; index < connections; index += 1) start(new Connection());

setTimeout(() => {
  ended = true;
  const took = (performance.now() - startedAt) / 1_000;
  clearInterval(ticking);
  clearInterval(reaping);
  const result: LoadResult = {
    seconds: took,
    ...counts,
    goodMs: percentiles(goodMs),
    refusedMs: percentiles(refusedMs),
  };
  process.send?.(result, () => process.exit(0));
}, seconds * 1_000);
