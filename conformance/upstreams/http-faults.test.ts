import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectHttp } from "../../packages/callgate/src/upstream/connect-http.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { httpFaults } from "./http-faults.ts";
import { startRawServer } from "./raw-server.ts";
import { callOnce, tryFault } from "./try-fault.ts";

const CALLS = 100;

describe("SECURITY 26: a server that answers a call with", () => {
  it.each(httpFaults)("$name", { timeout: 60_000 }, async (fault) => {
    const { told, left } = await tryFault(fault, CALLS);
    expect(told).toEqual({ [`${fault.told}${fault.nothingDone === true ? "!" : ""}`]: CALLS });
    expect(left).toBe(0);
  });
});

describe("SECURITY 26: a server that cannot be reached, because", () => {
  it.each([
    { why: "nothing listens", url: nowhere },
    { why: "its name is not known", url: () => Promise.resolve("http://nowhere.invalid/mcp") },
    { why: "TLS is not what it speaks", url: withoutTls },
  ])("$why", async ({ url }) => {
    const connection = connectHttp({ name: "crm", url: await url(), log: silentLog });
    for (let call = 0; call < 5; call++) expect(await callOnce(connection, 30_000)).toBe("upstream_unreachable!");
    await connection.close();
  });
});

it("SECURITY 26: a server that stalls fills its own places, and says so to who comes after", async () => {
  const server = await startRawServer(() => {});
  const connection = connectHttp({ name: "crm", url: server.url, log: silentLog, connections: 2 });
  const stalled = [1, 2].map(() => callOnce(connection, 5_000));
  const inLine = Array.from({ length: 8 }, () => callOnce(connection, 200));
  expect(await callOnce(connection, 5_000)).toBe("upstream_busy!");
  expect(new Set(await Promise.all(inLine))).toEqual(new Set(["upstream_busy!"]));
  expect(await Promise.all(stalled)).toEqual(["upstream_timeout", "upstream_timeout"]);
  await connection.close();
  await server.close();
});

async function nowhere(): Promise<string> {
  const server = await startRawServer(() => {});
  await server.close();
  return server.url;
}

async function withoutTls(): Promise<string> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}
