import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryTransport } from "./memory.ts";
import { EchoHost } from "./testing/echo-host.ts";
import { type RunningEcho, startEcho, until } from "./testing/start-echo.ts";

let echo: RunningEcho;
const memoryHost = new EchoHost();
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.stop());

const script = fileURLToPath(new URL("testing/echo-stdio.ts", import.meta.url));
const transports: [string, () => Transport, () => EchoHost | undefined][] = [
  ["HTTP", () => new StreamableHTTPClientTransport(new URL(echo.url)), () => echo.host],
  ["memory", () => createMemoryTransport({ host: memoryHost }), () => memoryHost],
  [
    "stdio",
    () => new StdioClientTransport({ command: process.execPath, args: [script], stderr: "pipe" }),
    () => undefined,
  ],
];
const negotiations = [
  ["auto", "auto"],
  ["pinned", { pin: "2026-07-28" }],
] as const;

describe.each(transports)("the official client over %s", (_name, connectTo, hostBehind) => {
  it.each(negotiations)("lists, calls, streams and cancels with %s negotiation", async (_how, mode) => {
    const client = new Client({ name: "official", version: "2.4.0" }, { versionNegotiation: { mode } });
    await client.connect(connectTo());
    expect(client.getServerVersion()).toMatchObject({ name: "echo", version: "1.2.3" });
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain("echo");

    const echoed = await client.callTool({ name: "echo", arguments: { text: "Grüße" } });
    expect(echoed.structuredContent).toEqual({ text: "Grüße" });

    const steps: number[] = [];
    // The answer waits for the progress: this client drops progress that comes in one piece with its answer.
    const onprogress = ({ progress }: { progress: number }): void => {
      steps.push(progress);
      void client.callTool({ name: "release", arguments: { key: "held" } });
    };
    const held = await client.callTool({ name: "wait", arguments: { key: "held" } }, { onprogress });
    expect([held.structuredContent, steps]).toEqual([{ outcome: "released" }, [1]]);

    const stop = new AbortController();
    const waiting = client.callTool({ name: "wait", arguments: { key: "k" } }, { signal: stop.signal });
    const host = hostBehind();
    if (host !== undefined) await until(() => host.waiting.has("k"));
    const signal = host?.waiting.get("k")?.signal;
    stop.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    if (signal !== undefined) await until(() => signal.aborted);

    await expect(client.callTool({ name: "nothing", arguments: {} })).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });
});

describe("headers of the official client", () => {
  it("repeat what the schema declares, and are checked", async () => {
    const client = new Client({ name: "official", version: "2.4.0" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(new StreamableHTTPClientTransport(new URL(echo.url)));
    await client.listTools();
    const { structuredContent } = await client.callTool({ name: "route", arguments: { region: "Zürich" } });
    expect(structuredContent).toEqual({ region: "Zürich" });
    expect(echo.host.seen.at(-1)?.paramHeaders?.get("Region")).toBe("Zürich");
    await client.close();
  });
});
