import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { numberPlaceholder } from "../tool-call.ts";
import { percentile, type SteadyResult, steadyLoad } from "./steady-load.ts";

async function loadServer(listener: RequestListener): Promise<SteadyResult> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  try {
    const request = { url, headers: {}, body: `{"id":${numberPlaceholder}}` };
    const pace = { callsPerSecond: 200, seconds: 0.5 };
    return await steadyLoad({ request, markers: ['"row":1'], firstNumber: numberPlaceholder + 1, ...pace });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("calls at a steady rate", () => {
  test("all are sent, each with a number of its own, though none is answered before the last has come", async () => {
    const held: (() => void)[] = [];
    const bodies = new Set<string>();
    const { calls, p50Micros, p99Micros } = await loadServer((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.add(chunk.toString()));
      held.push(() => response.end('{"row":1}'));
      if (held.length === 100) for (const answer of held) answer();
    });
    expect([calls, bodies.size]).toEqual([100, 100]);
    expect(p99Micros).toBeGreaterThan(p50Micros);
  });

  test("one wrong answer among many fails the run", async () => {
    let count = 0;
    const run = loadServer((request, response) => {
      request.resume();
      count += 1;
      response.end(count === 50 ? "{}" : '{"row":1}');
    });
    await expect(run).rejects.toThrow("a wrong answer: 200 {}");
  });
});

test("percentiles of a hundred values", () => {
  const values = Array.from({ length: 100 }, (_, index) => index);
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile([7], 0.99)]).toEqual([50, 99, 7]);
});
