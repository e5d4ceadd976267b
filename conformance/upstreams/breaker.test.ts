import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { defineGate, type Gate, openGate, sqlite, upstream } from "callgate";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { connectTo } from "./caller.ts";
import { json, type RawRequest, type RawServer, rpc, startRawServer } from "./raw-server.ts";

/** The gate's own: five failures in a row, then ten seconds. */
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;
const soon = { timeout: 30_000, interval: 20 };

/** A server with one tool, whose calls are answered by whatever `act` is at the time. */
class Moody {
  act: (request: RawRequest) => void = well;
  /** How many calls have reached it. */
  calls = 0;
  readonly #tool: string;
  #server: RawServer | undefined;

  constructor(tool: string) {
    this.#tool = tool;
  }

  async start(): Promise<string> {
    this.#server = await startRawServer((request) => this.#take(request));
    return this.#server.url;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  #take(request: RawRequest): void {
    if (request.method === "tools/list") {
      const tool = { name: this.#tool, description: "Says how the house is.", inputSchema: { type: "object" } };
      return request.reply("200 OK", json, rpc(request.id, { resultType: "complete", tools: [tool] }));
    }
    this.calls += 1;
    this.act(request);
  }
}

const well = ({ reply, id }: RawRequest): void =>
  reply("200 OK", json, rpc(id, { resultType: "complete", content: [{ type: "text", text: "good" }] }));
const breaks = ({ reply }: RawRequest): void => reply("500 Internal Server Error", {}, "broke");
const isBusy = ({ reply }: RawRequest): void => reply("429 Too Many Requests", { "retry-after": "7" }, "");

interface End {
  /** Undefined where the call was answered. */
  readonly code: string | undefined;
  readonly text: string;
  readonly afterMs: number | undefined;
}

let folder: string;
let gate: Gate;
let client: Client;
let now = Date.now();
const bad = new Moody("look_at_bad");
const other = new Moody("look_at_other");

async function call(tool: string): Promise<End> {
  const { content, isError, _meta } = await client.callTool({ name: tool, arguments: {} });
  const error = _meta?.["io.callgate/error"] as { code: string; retry?: { afterMs?: number } } | undefined;
  return {
    code: isError === true ? error?.code : undefined,
    text: JSON.stringify(content),
    afterMs: error?.retry?.afterMs,
  };
}

const callBad = (): Promise<End> => call("look_at_bad");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-breaker-"));
  const at = (url: string) => ({
    url,
    reads: ["look_*"],
    modes: ["open"],
    lockFile: join(folder, "callgate.lock.json"),
  });
  const config = defineGate({
    name: "breakers",
    domains: [upstream("bad", at(await bad.start())), upstream("other", at(await other.start()))],
    callers: { anonymous: { mode: "open" } },
    limits: { rate: "1000000/s" },
    graduation: "off",
    store: sqlite(join(folder, "gate.db")),
  });
  gate = await openGate(config, { clock: () => now, log: silentLog });
  client = await connectTo(gate);
});
afterAll(async () => {
  await client.close();
  await gate.close();
  await Promise.all([bad.stop(), other.stop()]);
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  bad.act = well;
  now += OPEN_MS;
  await vi.waitUntil(async () => (await callBad()).code === undefined, soon);
  bad.calls = 0;
});

/** Fails until it is left alone, also after the once that its own word is believed that it is well. */
async function open(): Promise<void> {
  bad.act = breaks;
  for (let failure = 0; failure < FAILURES_TO_OPEN; failure += 1) {
    expect(await callBad()).toMatchObject({ code: "upstream_nonsense" });
  }
  await vi.waitFor(async () => {
    await callBad();
    expect(bad.calls).toBe(FAILURES_TO_OPEN + 1);
  }, soon);
}

describe("SECURITY 26: the breaker of an upstream", () => {
  it("opens after five failures: from then on calls are answered at once, with when to come again", async () => {
    await open();
    const ends = await Promise.all(Array.from({ length: 50 }, callBad));
    for (const { code, text, afterMs } of ends) {
      expect(code).toBe("backend_down");
      expect(text).toContain("The backend of bad does not answer.");
      expect(afterMs).toBe(OPEN_MS);
    }
    now += 4_000;
    expect(await callBad()).toMatchObject({ code: "backend_down", afterMs: OPEN_MS - 4_000 });
    expect(bad.calls).toBe(FAILURES_TO_OPEN + 1);
  });

  it("leaves another upstream alone", async () => {
    await open();
    for (let each = 0; each < 20; each += 1) expect((await call("look_at_other")).code).toBeUndefined();
  });

  it("lets one call try when its time is over, and closes when that is answered", async () => {
    await open();
    now += OPEN_MS;
    let answer: (() => void) | undefined;
    bad.act = (request) => {
      answer = () => well(request);
    };
    const trying = callBad();
    await vi.waitFor(() => expect(answer).toBeDefined(), soon);
    const meanwhile = await Promise.all(Array.from({ length: 10 }, callBad));
    expect(new Set(meanwhile.map(({ code }) => code))).toEqual(new Set(["backend_down"]));
    expect(bad.calls).toBe(FAILURES_TO_OPEN + 2);
    bad.act = well;
    answer?.();
    expect((await trying).code).toBeUndefined();
    for (let each = 0; each < 10; each += 1) expect((await callBad()).code).toBeUndefined();
  });

  it("stays open where the try fails too", async () => {
    await open();
    now += OPEN_MS;
    expect((await callBad()).code).toBe("upstream_nonsense");
    expect(await callBad()).toMatchObject({ code: "backend_down", afterMs: OPEN_MS });
    expect(bad.calls).toBe(FAILURES_TO_OPEN + 2);
  });

  it("is not opened by a server that wants to be left alone, however often it says so", async () => {
    bad.act = isBusy;
    for (let each = 0; each < 4 * FAILURES_TO_OPEN; each += 1) {
      expect(await callBad()).toMatchObject({ code: "upstream_busy", afterMs: 7_000 });
    }
    expect(bad.calls).toBe(4 * FAILURES_TO_OPEN);
    bad.act = well;
    expect((await callBad()).code).toBeUndefined();
  });
});
