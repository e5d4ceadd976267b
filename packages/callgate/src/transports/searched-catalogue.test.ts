import { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inputRequired } from "../define/input-required.ts";
import { bookingDomain } from "../gate/testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { workshop } from "../gate/testing/workshop.ts";
import { bridge2025 } from "../wire/bridge-2025/load-bridge.ts";
import { createMemoryTransport } from "./memory.ts";

const eras = [
  ["2026-07-28", "auto"],
  ["2025-11-25", "legacy"],
] as const;
const form = { type: "object" as const, properties: { whose: { type: "string" as const } } };

describe.each(eras)("[T8] the official client of %s", (revision, mode) => {
  let gate: TestGate;
  let client: Client;
  let heard: string[];
  beforeEach(async () => {
    const name = { method: "elicitation/create" as const, params: { message: "Whose?", requestedSchema: form } };
    const asks = workshop((_input, ctx) => {
      ctx.progress(1, 2, "half");
      return ctx.state === undefined
        ? inputRequired({ requests: { name }, state: 1 })
        : JSON.stringify(ctx.inputResponses);
    });
    gate = await openTestGate([bookingDomain().domain, asks], { config: { catalogue: { searchAbove: 1 } } });
    heard = [];
    client = new Client(
      { name: "official", version: "1" },
      {
        capabilities: { elicitation: {} },
        versionNegotiation: { mode },
        listChanged: {
          tools: { debounceMs: 0, onChanged: (_error, tools) => (heard = (tools ?? []).map(({ name }) => name)) },
        },
      },
    );
    client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { whose: "Ada's" } }));
    await client.connect(createMemoryTransport({ host: gate.gate.host, legacy: bridge2025(gate.gate), key: "ann" }));
  });
  afterEach(async () => {
    await client.close();
    await gate.close();
  });

  it("finds a tool and calls it, by call_tool or by its name", async () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["search_tools", "call_tool"]);
    const found = await client.callTool({ name: "search_tools", arguments: { query: "reserve a stay" } });
    expect(found.structuredContent).toMatchObject({ tools: [{ name: "create_booking", effect: "write" }] });
    const booking = { guest: "Ada", idempotency_key: "k" };
    const made = await client.callTool({
      name: "call_tool",
      arguments: { name: "create_booking", arguments: booking },
    });
    expect(made.structuredContent).toEqual({ id: "b1", guest: "Ada" });
    const again = await client.callTool({ name: "create_booking", arguments: booking });
    expect(again).toMatchObject({ structuredContent: { id: "b1" }, _meta: { "io.callgate/replayed": true } });
  });

  it("is asked by a tool that it has called through call_tool, and hears of its progress", async () => {
    const steps: (string | undefined)[] = [];
    const asked = await client.callTool(
      { name: "call_tool", arguments: { name: "do_work" } },
      { onprogress: ({ message }) => void steps.push(message) },
    );
    expect(asked.content).toEqual([
      { type: "text", text: '{"name":{"action":"accept","content":{"whose":"Ada\'s"}}}' },
    ]);
    await expect.poll(() => steps).toContain("half");
  });

  it("is told of tools that come and go", async () => {
    const publish = (): void => gate.gate.publish({ method: "notifications/tools/list_changed", params: {} });
    // A client of 2025 begins to listen some time after its handshake.
    const afterNews = (): readonly string[] => {
      if (heard.length === 0) publish();
      return heard;
    };
    await expect.poll(afterNews, { interval: 200 }).toEqual(["search_tools", "call_tool"]);
  });
});
