import { describe, expect, it } from "vitest";
import { localCaller } from "../transports/local-caller.ts";
import { sharedKeys } from "../transports/testing/bridged-echo.ts";
import { EchoHost } from "../transports/testing/echo-host.ts";
import { modernMessage } from "../transports/testing/modern-request.ts";
import { until } from "../transports/testing/start-echo.ts";
import { bridge2025 } from "./bridge-2025/load-bridge.ts";
import { Channel, type ChannelOptions } from "./channel.ts";
import type { JsonObject } from "./exchange.ts";
import { isJsonObject } from "./json-rpc.ts";
import type { LegacyHandler } from "./legacy-handler.ts";

const initialize = { jsonrpc: "2.0", id: "i", method: "initialize", params: { protocolVersion: "2025-11-25" } };

/** A channel to an echo host, and what came back over it. */
function openChannel(options: Partial<ChannelOptions> = {}) {
  const host = new EchoHost();
  const answers: JsonObject[] = [];
  const channel = new Channel({
    host,
    transport: "memory",
    presented: localCaller(undefined),
    write: (text) => void answers.push(JSON.parse(text)),
    ...options,
  });
  const send = (message: unknown): void => channel.receive(Buffer.from(JSON.stringify(message)));
  return { host, answers, channel, send };
}

/** The caller's side of the bridge: says which message it was given. */
function tellingLegacy(closed: string[] = []): LegacyHandler {
  return {
    handle: async () => {},
    converse: ({ send }) => ({
      receive: (message) => send(JSON.stringify({ legacy: isJsonObject(message) ? message["id"] : null })),
      close: async () => void closed.push("conversation"),
    }),
    close: async () => {},
  };
}

describe("Channel", () => {
  it("decides the era per message until initialize, and not again (clients probe, then fall back)", async () => {
    let loads = 0;
    const closed: string[] = [];
    const legacy = async (): Promise<LegacyHandler> => {
      loads++;
      return tellingLegacy(closed);
    };
    const { answers, channel, send } = openChannel({ legacy });
    send(modernMessage("server/discover", {}, 1));
    await until(() => answers.length === 1);
    expect([answers[0]?.["id"], loads]).toEqual([1, 0]);
    send({ jsonrpc: "2.0", id: 2, method: "ping" });
    send(modernMessage("tools/list", {}, 3));
    await until(() => answers.length === 3);
    expect(answers.slice(1)).toEqual(expect.arrayContaining([{ legacy: 2 }, expect.objectContaining({ id: 3 })]));
    send(initialize);
    send({ jsonrpc: "2.0", id: 4, method: "tools/list" });
    send(modernMessage("tools/list", {}, 5));
    await until(() => answers.length === 6);
    expect([answers.slice(3), loads]).toEqual([[{ legacy: "i" }, { legacy: 4 }, { legacy: 5 }], 1]);
    await channel.close({ graceMs: 1_000 });
    expect(closed).toEqual(["conversation"]);
  });

  it("answers 2025 clients with an error when their bridge does not load", async () => {
    const { host, answers, send } = openChannel({ legacy: () => Promise.reject(new Error("broken")) });
    send(initialize);
    await until(() => answers.length === 1);
    expect(answers[0]).toMatchObject({ id: "i", error: { code: -32603, message: "Internal error." } });
    expect(host.problems).toEqual(["the bridge for 2025 clients did not load: Error: broken"]);
  });

  it("refuses one call more than it may hold, and takes it once there is room", async () => {
    const { host, answers, send } = openChannel({ maxInFlight: 2 });
    const wait = (key: string): JsonObject => modernMessage("tools/call", { name: "wait", arguments: { key } }, key);
    for (const key of ["a", "b", "c"]) send(wait(key));
    expect(answers).toMatchObject([{ id: "c", error: { code: -32029 } }]);
    await until(() => host.waiting.size === 2);
    host.waiting.get("a")?.release();
    await until(() => answers.length === 2);
    send(wait("c"));
    await until(() => host.waiting.has("c"));
    expect(answers.map((answer) => answer["id"])).toEqual(["c", "a"]);
  });

  it("cancels what is still running once the grace is over, and never answers it", async () => {
    const { host, answers, channel, send } = openChannel();
    send(modernMessage("tools/call", { name: "wait", arguments: { key: "k" } }));
    await until(() => host.waiting.has("k"));
    const signal = host.waiting.get("k")?.signal;
    await channel.close({ graceMs: 10 });
    expect([signal?.aborted, answers]).toEqual([true, []]);
  });

  it("gives calls of 2025 clients the same grace, then cancels them as well", async () => {
    const keys = await sharedKeys();
    const host = new EchoHost();
    const { answers, channel, send } = openChannel({ host, legacy: bridge2025({ host, ...keys }) });
    const clientInfo = { name: "old", version: "1" };
    send({ ...initialize, params: { ...initialize.params, capabilities: {}, clientInfo } });
    await until(() => answers.length === 1);
    send({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "wait", arguments: { key: "k" } } });
    await until(() => host.waiting.has("k"));
    const signal = host.waiting.get("k")?.signal;
    const before = performance.now();
    await channel.close({ graceMs: 50 });
    expect([signal?.aborted, answers.length]).toEqual([true, 1]);
    expect(performance.now() - before).toBeLessThan(2_000);
    await keys.remove();
  });

  it("lives through a host that breaks when a 2025 client listens, and tells of it", async () => {
    const keys = await sharedKeys();
    const host = new EchoHost();
    host.listen = () => Promise.reject(new Error("nobody listens"));
    const { answers, send } = openChannel({ host, legacy: bridge2025({ host, ...keys }) });
    const clientInfo = { name: "old", version: "1" };
    send({ ...initialize, params: { ...initialize.params, capabilities: {}, clientInfo } });
    await until(() => answers.length === 1);
    send({ jsonrpc: "2.0", method: "notifications/initialized" });
    await until(() => host.problems.length > 0);
    expect(host.problems).toEqual(["a 2025 client could not listen: Error: nobody listens"]);
    await keys.remove();
  });

  it("sends a prepared answer with line breaks as one line", async () => {
    const lines: string[] = [];
    const { host, send } = openChannel({ write: (text) => void lines.push(text) });
    host.handle = async () => ({
      kind: "result",
      members: '"a":\n{\r\n"b": "x\\ny"}',
      resultType: "complete",
      cache: undefined,
      meta: '"m":1',
    });
    send(modernMessage("tools/list"));
    await until(() => lines.length === 1);
    expect(lines[0]).not.toMatch(/[\r\n]/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ result: { a: { b: "x\ny" }, _meta: { m: 1 } } });
  });
});
