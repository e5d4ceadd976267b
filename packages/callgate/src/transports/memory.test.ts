import { expect, test } from "vitest";
import { createMemoryTransport } from "./memory.ts";
import { EchoHost } from "./testing/echo-host.ts";
import { modernMessage } from "./testing/modern-request.ts";
import { until } from "./testing/start-echo.ts";

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
