import { beforeAll, describe, expect, it } from "vitest";
import { connectHttp } from "../../packages/callgate/src/upstream/connect-http.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { httpTrials } from "./http-trials.ts";
import { startRawServer, startSocketServer } from "./raw-server.ts";
import { callOnce, runTrial, untilNone } from "./trial.ts";
import { trustTests, unreachedTrials } from "./unreached-trials.ts";

const CALLS = 100;
const CALLS_ALONE = 20;

beforeAll(trustTests);

describe("SECURITY 26: a server that answers a call with", () => {
  it.each(httpTrials)("$name", { timeout: 60_000 }, async (trial) => {
    expect(await runTrial(trial, CALLS)).toMatchObject({ told: { [trial.told]: CALLS }, left: 0 });
  });
});

describe("SECURITY 26: a server of which a call finds", () => {
  it.each(unreachedTrials)("$name", { timeout: 60_000 }, async (trial) => {
    expect(await runTrial(trial, CALLS_ALONE)).toMatchObject({ told: { [trial.told]: CALLS_ALONE }, left: 0 });
  });
});

it("SECURITY 26: a server whose name is not known cannot be reached", async () => {
  const connection = connectHttp({ name: "crm", url: "http://nowhere.invalid/mcp", log: silentLog });
  for (let call = 0; call < 5; call++) expect(await callOnce(connection, 30_000)).toBe("upstream_unreachable!");
  await connection.close();
});

it("SECURITY 26: a handshake that stalls keeps a call no longer than its own deadline", async () => {
  const server = await startSocketServer(() => {}, "https:");
  const connection = connectHttp({ name: "crm", url: server.url, log: silentLog, connectTimeoutMs: 3_600_000 });
  expect(await callOnce(connection, 100)).toBe("upstream_unreachable!");
  await connection.close();
  expect(await untilNone(() => server.open)).toBe(0);
  await server.close();
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
