import { expect, test } from "vitest";
import { EchoHost } from "./fixtures/echo-host.ts";
import { modernMessage } from "./fixtures/modern-request.ts";
import { until } from "./fixtures/start-echo.ts";
import { createMemoryTransport } from "./memory.ts";

test("what a call answers within the grace arrives before the end does", async () => {
  const host = new EchoHost();
  const told: unknown[] = [];
  const transport = createMemoryTransport({ host });
  Object.assign(transport, {
    onmessage: (message: unknown) => told.push(message),
    onclose: () => told.push("closed"),
  });
  await transport.send(modernMessage("tools/call", { name: "wait", arguments: { key: "k" } }));
  await until(() => host.waiting.has("k"));
  const closing = transport.close();
  host.waiting.get("k")?.release();
  await closing;
  expect(told).toEqual([expect.objectContaining({ id: 1 }), "closed"]);
});
