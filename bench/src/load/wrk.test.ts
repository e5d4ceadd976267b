import { spawnSync } from "node:child_process";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, test } from "vitest";
import { isWithout } from "../../../packages/callgate/src/testing/is-without.ts";
import { numberPlaceholder } from "../tool-call.ts";
import type { LoadResult } from "./wrk.ts";
import { generateLoad } from "./wrk.ts";

const withoutWrk = isWithout(
  "wrk on Linux",
  process.platform === "linux" && spawnSync("wrk", ["-v"]).error === undefined,
);

async function loadServer(listener: RequestListener): Promise<LoadResult> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  try {
    return await generateLoad({
      request: { url, headers: { "content-type": "application/json" }, body: `{"id":${numberPlaceholder}}` },
      markers: ['"row":1', '"row":2'],
      firstNumber: numberPlaceholder + 1,
      connections: 16,
      seconds: 1,
      core: 0,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.skipIf(withoutWrk)("sends a number of its own with each request and reports what it saw", async () => {
  const bodies: string[] = [];
  const result = await loadServer((request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on("end", () => response.end('[{"row":1},{"row":2}]'));
  });
  expect(new Set(bodies).size).toBe(bodies.length);
  expect(bodies.length).toBeGreaterThan(100);
  expect(bodies.filter((body) => !/^\{"id":1000\d{8}\}$/.test(body))).toEqual([]);
  expect(bodies).not.toContain(`{"id":${numberPlaceholder}}`);
  expect(result.calls).toBeGreaterThan(0);
  expect(result.p99).toBeGreaterThanOrEqual(result.p50);
});

test.skipIf(withoutWrk)("one wrong answer among many fails the run", async () => {
  let count = 0;
  const run = loadServer((request, response) => {
    request.resume();
    count += 1;
    response.end(count === 50 ? '[{"row":1}]' : '[{"row":1},{"row":2}]');
  });
  await expect(run).rejects.toThrow(/at fault: 1 wrong\..*\[\{"row":1\}\]/s);
});

test.skipIf(withoutWrk)("an answer with another status is wrong", async () => {
  const run = loadServer((request, response) => {
    request.resume();
    response.writeHead(429).end('[{"row":1},{"row":2}]');
  });
  await expect(run).rejects.toThrow(/ wrong\. 429/s);
});

test.skipIf(withoutWrk)("calls that are never answered fail the run", async () => {
  let answered: Socket | undefined;
  const run = loadServer((request, response) => {
    request.resume();
    answered ??= request.socket;
    if (request.socket === answered) response.end('[{"row":1},{"row":2}]');
  });
  await expect(run).rejects.toThrow(/never answered/);
});
