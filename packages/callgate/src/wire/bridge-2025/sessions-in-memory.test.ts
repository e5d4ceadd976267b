import { describe, expect, test } from "vitest";
import { localCaller } from "../../transports/local-caller.ts";
import { beginSession, callTool, post } from "../../transports/testing/bridged-echo.ts";
import { EchoHost } from "../../transports/testing/echo-host.ts";
import { openStream } from "../../transports/testing/open-stream.ts";
import { useBridgedEcho } from "../../transports/testing/use-bridged-echo.ts";
import { defaultSessionLimits, Sessions } from "./sessions.ts";

const begin = { authorization: "Bearer right" };
const ping = { id: 1, method: "ping" };
const watchA = { id: 2, method: "resources/subscribe", params: { uri: "test://a" } };

describe("2025 sessions in memory", () => {
  let now = 0;
  const echo = useBridgedEcho({ clock: () => now, limits: { perCaller: 2, idleMs: 20 } });

  test("one that watches nothing makes room before one that does", async () => {
    const watching = await beginSession(echo.url, begin);
    await post(echo.url, watching, watchA);
    for (let count = 0; count < 3; count++) await beginSession(echo.url, begin);
    const stream = openStream(echo.url, { method: "GET", headers: watching });
    await expect.poll(() => stream.text).not.toBe("");
    expect(echo.host.asked.at(-1)?.resourceSubscriptions).toEqual(["test://a"]);
    stream.close();
  });

  test("one that watches something and must make room has ended, and its client learns of it", async () => {
    const sessions = [await beginSession(echo.url, begin), await beginSession(echo.url, begin)];
    for (const headers of sessions) await post(echo.url, headers, watchA);
    sessions.push(await beginSession(echo.url, begin));
    const statuses = await Promise.all(sessions.map(async (headers) => (await post(echo.url, headers, ping)).status));
    expect(statuses).toEqual([404, 200, 200]);
  });

  test("one that is idle for long is taken up from its id, unless it watched something", async () => {
    const [watching, plain] = [await beginSession(echo.url, begin), await beginSession(echo.url, begin)];
    await post(echo.url, watching, watchA);
    await post(echo.url, plain, { id: 3, method: "logging/setLevel", params: { level: "error" } });
    const levelOf = async (): Promise<unknown> => {
      await post(echo.url, plain, callTool("echo"));
      return echo.host.seen.at(-1)?.meta.logLevel;
    };
    expect(await levelOf()).toBe("error");
    const nextUse = async (): Promise<number> => {
      const { status } = await post(echo.url, watching, ping);
      now += 21;
      return status;
    };
    await expect.poll(nextUse).toBe(404);
    expect(await levelOf()).toBe("info");
  });

  test("strangers from all addresses of one household have no more together than one", async () => {
    const limits = { ...defaultSessionLimits, perCaller: 2 };
    const sessions = new Sessions({ host: new EchoHost(), sealer: echo.sealer, clock: () => now, limits });
    const client = { clientInfo: { name: "old", version: "1" }, capabilities: {} };
    for (let host = 1; host <= 5; host += 1) {
      const presented = { ...localCaller(undefined), local: false, remoteAddress: `2001:db8:1:2::${host}` };
      const visitor = { subject: undefined, presented, endpoint: undefined };
      const session = sessions.create(visitor);
      await session.initialize({ protocolVersion: "2025-11-25", ...client });
      expect(sessions.admit(session, client, visitor)).toBeDefined();
    }
    expect(sessions.size).toBe(2);
    await sessions.close(0);
  });

  test("somebody else who comes with the id at the same time does not keep its owner out", async () => {
    const host = new EchoHost();
    const options = { host, sealer: echo.sealer, clock: () => now, limits: defaultSessionLimits };
    const [before, after] = [new Sessions(options), new Sessions(options)];
    const visitor = (subject: string) => ({ subject, presented: localCaller(undefined), endpoint: undefined });
    const client = { clientInfo: { name: "old", version: "1" }, capabilities: {} };
    const session = before.create(visitor("ann"));
    await session.initialize({ protocolVersion: "2025-11-25", ...client });
    const id = String(before.admit(session, client, visitor("ann")));
    const found = await Promise.all(["bob", "ann", "ann"].map((subject) => after.find(id, visitor(subject))));
    expect(found[0]).toBeUndefined();
    expect(found[1]).toBeDefined();
    expect(found[2]).toBe(found[1]);
    await Promise.all([before.close(0), after.close(0)]);
  });
});
