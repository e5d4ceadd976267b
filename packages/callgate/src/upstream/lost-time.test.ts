import { afterEach, describe, expect, it } from "vitest";
import { toCallError } from "./call-errors.ts";
import { connectHttp } from "./connect-http.ts";
import type { UpstreamChange, UpstreamConnection } from "./connection.ts";
import type { UpstreamCredential } from "./credential.ts";
import { requestOptions, soon } from "./testing/request-options.ts";
import { type ServedHttp, serveModern } from "./testing/serve-http.ts";
import { serveLegacy } from "./testing/serve-legacy.ts";
import { serveScriptedOld } from "./testing/serve-scripted.ts";
import { silentLog } from "./testing/silent-log.ts";

const open: (UpstreamConnection | ServedHttp)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const echo = { name: "echo", arguments: { words: "hi" } };

/** A credential that is there at once until it is slowed; then it never is, and tells when somebody waits for it. */
function slowable() {
  const waited = Promise.withResolvers<void>();
  const state = { isSlow: false };
  const credential: UpstreamCredential = {
    headers: () => {
      if (!state.isSlow) return { authorization: "Bearer abc" };
      waited.resolve();
      return new Promise(() => {});
    },
    refused: () => false,
  };
  return { state, credential, waited: waited.promise };
}

describe.each([
  { era: "new", start: async () => ({ served: await serveModern(), sessions: new Map() }) },
  {
    era: "old",
    start: async () => {
      const served = await serveLegacy();
      return { served, sessions: served.sessions };
    },
  },
])("[G7] a caller whose time is over before a server of the $era era was asked", ({ start }) => {
  it("hears that, and says nothing of the server to others", async () => {
    const { state, credential, waited } = slowable();
    const { served, sessions } = await start();
    const connection = connectHttp({ name: "crm", url: served.url, log: silentLog, credential });
    open.push(served, connection);
    await connection.health(soon());
    const methods = served.seen.length;
    const before = [...sessions.keys()];
    const changes: UpstreamChange[] = [];
    connection.onChange((change) => changes.push(change));
    state.isSlow = true;
    const controller = new AbortController();
    const call = connection.request("tools/call", echo, requestOptions({ signal: controller.signal }));
    const outcome = call.catch((error: unknown) => error);
    await waited;
    controller.abort(new DOMException("The time is over.", "TimeoutError"));
    expect(await outcome).toMatchObject({ fault: { kind: "timeout", isUnsent: true } });
    state.isSlow = false;
    expect((await connection.request("tools/call", echo, requestOptions())).kind).toBe("result");
    expect(changes).toEqual([]);
    const anew = served.seen.slice(methods).filter((headers) => headers["mcp-method"] === "server/discover");
    expect(anew).toEqual([]);
    expect([...sessions.keys()]).toEqual(before);
  });
});

it("[G3] what was not asked for want of time is no failure of the server, and nothing was done", async () => {
  const { state, credential, waited } = slowable();
  const served = await serveScriptedOld(() => false);
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog, credential });
  open.push(served, connection);
  await connection.health(soon());
  state.isSlow = true;
  const controller = new AbortController();
  const call = connection.request("tools/call", echo, requestOptions({ signal: controller.signal }));
  const outcome = call.catch((error) => toCallError(error, "crm"));
  await waited;
  controller.abort(new DOMException("The time is over.", "TimeoutError"));
  expect(await outcome).toMatchObject({
    code: "upstream_timeout",
    category: "infrastructure",
    nothingDone: true,
    message: "crm was not asked: no time was left.",
  });
});

it("[G7] a deadline that passes before a stream is taken up is a deadline, and the call may have been done", async () => {
  const served = await serveScriptedOld(({ method, response }) => {
    if (method !== "tools/call") return false;
    response.writeHead(200, { "content-type": "text/event-stream" }).end("id: 1\nretry: 30000\ndata:\n\n");
    return true;
  });
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  await connection.health(soon());
  const call = connection.request("tools/call", echo, requestOptions({ signal: AbortSignal.timeout(400) }));
  const error: { fault: unknown } = await call.catch((thrown) => thrown);
  expect(error.fault).toEqual({ kind: "timeout" });
});
