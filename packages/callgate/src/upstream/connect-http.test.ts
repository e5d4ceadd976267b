import { afterEach, describe, expect, it } from "vitest";
import { type ConnectHttpOptions, connectHttp } from "./connect-http.ts";
import type { UpstreamChange, UpstreamConnection } from "./connection.ts";
import { requestOptions, soon } from "./testing/request-options.ts";
import { endless } from "./testing/sdk-server.ts";
import { type ServedHttp, serveModern } from "./testing/serve-http.ts";
import { legacyEndless, serveLegacy } from "./testing/serve-legacy.ts";
import { silentLog } from "./testing/silent-log.ts";

const open: (UpstreamConnection | ServedHttp)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function serve<Served extends ServedHttp>(
  start: () => Promise<Served>,
  options: Partial<ConnectHttpOptions> = {},
): Promise<{ served: Served; connection: UpstreamConnection }> {
  const served = await start();
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog, ...options });
  open.push(served, connection);
  return { served, connection };
}

const echo = { name: "echo", arguments: { words: "hi" } };

describe.each([
  { era: "new", start: serveModern, revision: "2026-07-28", server: "today" },
  { era: "old", start: serveLegacy, revision: "2025-11-25", server: "yesterday" },
])("[G7] a server of the $era era over HTTP", ({ start, revision, server }) => {
  it("is found out, and says what it offers", async () => {
    const { connection } = await serve<ServedHttp>(start);
    const found = await connection.discover(soon());
    expect(found).toMatchObject({ revision, server: { name: server } });
    expect(found.tools.map(({ name }) => name)).toContain("echo");
    await expect(connection.health(soon())).resolves.toBeUndefined();
  });

  it("answers a call, every field kept", async () => {
    const { connection } = await serve<ServedHttp>(start);
    const answer = await connection.request("tools/call", echo, requestOptions());
    expect(answer).toMatchObject({
      kind: "result",
      result: { content: [{ type: "text", text: "hi" }], _meta: { "org.example/kept": { deeply: [1, null] } } },
    });
  });

  it("[C9] gets the gate's credential with every request, and asks once more where another is there", async () => {
    let current = "one";
    const credential = {
      headers: () => ({ authorization: `Bearer ${current}` }),
      refused: () => {
        current = "two";
        return true;
      },
    };
    const { served, connection } = await serve<ServedHttp>(start, { credential });
    const [listener] = served.server.listeners("request") as ((...all: unknown[]) => void)[];
    served.server.removeAllListeners("request");
    served.server.on("request", (request, response) => {
      if (request.headers.authorization === "Bearer two") listener?.(request, response);
      else response.writeHead(401).end();
    });
    expect((await connection.request("tools/call", echo, requestOptions())).kind).toBe("result");
    expect(new Set(served.seen.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer two"]));
  });

  it("is told when a call is given up", async () => {
    const { connection } = await serve<ServedHttp>(start);
    const watched = server === "today" ? endless : legacyEndless;
    const started = new Promise<void>((resolve) => {
      watched.started = resolve;
    });
    const cancelled = new Promise<void>((resolve) => {
      watched.cancelled = resolve;
    });
    const controller = new AbortController();
    const call = connection.request(
      "tools/call",
      { name: "endless", arguments: {} },
      requestOptions({ signal: controller.signal }),
    );
    await started;
    controller.abort(new Error("the caller has gone"));
    await expect(call).rejects.toMatchObject({ fault: { kind: "timeout" } });
    await expect(cancelled).resolves.toBeUndefined();
  });

  it("that is down is not sent anything, and is reached again when it is back", async () => {
    const { served, connection } = await serve<ServedHttp>(start);
    await connection.health(soon());
    const changes: UpstreamChange[] = [];
    connection.onChange((change) => changes.push(change));
    const { port } = new URL(served.url);
    await served.close();
    const fault = { kind: "unreachable", sent: false };
    await expect
      .poll(() => connection.request("tools/call", echo, requestOptions()).catch((error) => error.fault))
      .toEqual(fault);
    expect(changes).toEqual([{ kind: "down" }]);
    const again = await start();
    open.push(again);
    await again.close();
    again.server.listen(Number(port), "127.0.0.1");
    await expect
      .poll(
        () =>
          connection.request("tools/call", echo, requestOptions()).then(
            ({ kind }) => kind,
            () => "down",
          ),
        { timeout: 20_000 },
      )
      .toBe("result");
    expect(changes.at(-1)).toEqual({ kind: "up" });
  });
});

describe("[G7] a server of the new era over HTTP", () => {
  it("asks the client in rounds, and tells how far it is", async () => {
    const { connection } = await serve(serveModern);
    const ask = { name: "ask", arguments: {} };
    const asked = await connection.request("tools/call", ask, requestOptions({ canAsk: () => true }));
    expect(asked).toMatchObject({ kind: "input_required", requests: { name: { method: "elicitation/create" } } });
    if (asked.kind !== "input_required") throw new Error("did not ask");
    const inputResponses = { name: { action: "accept", content: { name: "Ann" } } };
    const more = { canAsk: () => true, state: JSON.parse(JSON.stringify(asked.state)), inputResponses };
    const answer = await connection.request("tools/call", ask, requestOptions(more));
    expect(answer).toMatchObject({ result: { content: [{ text: "Ann, from round one" }] } });
    const told: unknown[] = [];
    const hearing = requestOptions({ progress: (...all) => told.push(all), say: (...all) => told.push(all) });
    await connection.request("tools/call", { name: "steps", arguments: { count: 2 } }, hearing);
    expect(told).toEqual([
      [1, 2, "step 1"],
      [2, 2, "step 2"],
      ["warning", "nearly there"],
    ]);
  });

  it("gets the headers that its tools want, also where they were not known", async () => {
    const { served, connection } = await serve(serveModern);
    const route = { name: "route", arguments: { region: "Zürich" } };
    expect((await connection.request("tools/call", route, requestOptions())).kind).toBe("result");
    expect(served.seen.at(-1)).toMatchObject({ "mcp-param-region": "=?base64?WsO8cmljaA==?=", "mcp-name": "route" });
  });

  it("tells of changes", async () => {
    const { served, connection } = await serve(serveModern);
    const changes: UpstreamChange[] = [];
    connection.onChange((change) => changes.push(change));
    await connection.health(soon());
    await expect
      .poll(() => {
        served.notifier.toolsChanged();
        return changes;
      })
      .toContainEqual({ kind: "tools" });
  });
});

describe("[G7] a server of the old era over HTTP", () => {
  it("asks the client of the very call, though others are under way", async () => {
    const { connection } = await serve(serveLegacy);
    const asking = ["Ann", "Ben"].map(async (who) => {
      const params = { name: "ask", arguments: { what: `for ${who}:` } };
      const asked = await connection.request("tools/call", params, requestOptions({ who, canAsk: () => true }));
      if (asked.kind !== "input_required") throw new Error("did not ask");
      expect(asked.requests["elicitation-1"]?.params?.["message"]).toBe(`for ${who}:`);
      const inputResponses = { "elicitation-1": { action: "accept", content: { name: who } } };
      return connection.request("tools/call", params, requestOptions({ who, state: asked.state, inputResponses }));
    });
    const answers = await Promise.all(asking);
    expect(answers).toMatchObject([
      { result: { content: [{ text: "for Ann: accept Ann" }] } },
      { result: { content: [{ text: "for Ben: accept Ben" }] } },
    ]);
  });

  it("hears of a caller who cannot be asked, and goes on", async () => {
    const { connection } = await serve(serveLegacy);
    const params = { name: "ask", arguments: { what: "Who?" } };
    expect(await connection.request("tools/call", params, requestOptions())).toMatchObject({
      kind: "result",
      result: { isError: true },
    });
  });

  it("does not give one caller's question to another", async () => {
    const { connection } = await serve(serveLegacy);
    const params = { name: "ask", arguments: { what: "Who?" } };
    const asked = await connection.request("tools/call", params, requestOptions({ who: "ann", canAsk: () => true }));
    if (asked.kind !== "input_required") throw new Error("did not ask");
    const round = connection.request("tools/call", params, requestOptions({ who: "ben", state: asked.state }));
    await expect(round).rejects.toMatchObject({ fault: { kind: "lost" } });
  });

  it("that has forgotten the session gets a new one, within the call", async () => {
    const { served, connection } = await serve(serveLegacy);
    await connection.request("tools/call", echo, requestOptions());
    const [first] = served.sessions.keys();
    served.sessions.clear();
    expect((await connection.request("tools/call", echo, requestOptions())).kind).toBe("result");
    expect([...served.sessions.keys()]).not.toContain(first);
    expect(served.sessions.size).toBe(1);
  });

  it("tells of changes, and is left with a word", async () => {
    const { served, connection } = await serve(serveLegacy);
    const changes: UpstreamChange[] = [];
    connection.onChange((change) => changes.push(change));
    await connection.health(soon());
    const [session] = served.sessions.values();
    await expect
      .poll(() => {
        session?.server.sendToolListChanged();
        return changes;
      })
      .toContainEqual({ kind: "tools" });
    await connection.close();
    expect(served.sessions.size).toBe(0);
  });
});
