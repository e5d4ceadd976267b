import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { judge } from "../contract/judgement.ts";
import { parseSnapshot, printSnapshot } from "../contract/snapshot-file.ts";
import type { ToolContract } from "../contract/tool-contract.ts";
import { defineDomain } from "../define/domain.ts";
import type { Identity } from "../define/subject.ts";
import { snapshotOf } from "../gate/served/snapshot-of.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { type ServedGate, serveHttp } from "./serve-http.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const input = z.object({ account: z.string(), colour: z.string() });
const run = (): string => "";

function domains() {
  const things = defineDomain("things", about);
  const rules = { scope: "things:read", modes: ["desk", "open"], input, run };
  things.read("find_things", { description: "Finds things.", ...rules, version: 3, accountField: "account" });
  things.read("seek_things", {
    description: "Finds things, as it did once.",
    ...rules,
    input: z.object({ colour: z.string() }),
    deprecated: { since: "2026-10-01", use: "weigh_thing" },
  });
  things.read("weigh_thing", { description: "Weighs a thing.", scope: "things:weigh", input, run });
  const apart = defineDomain("apart", { ...about, endpoint: "own" });
  apart.read("look_apart", { description: "Looks elsewhere.", scope: "things:read", input, run });
  return [things, apart];
}

/** `clerk:cora` is cora, a clerk. */
function whose(bearer: string | undefined): Identity | undefined {
  const [role, user = role] = bearer?.split(":") ?? [];
  return role === undefined || user === undefined || role === "wrong" ? undefined : { kind: "person", user, role };
}

let gate: TestGate;
let served: ServedGate;
beforeAll(async () => {
  gate = await openTestGate(domains(), {
    config: {
      callers: {
        authenticate: [({ bearer }) => whose(bearer)],
        roles: { all: { modes: ["desk"], scopes: ["*"] }, clerk: { modes: ["desk"], scopes: ["things:read"] } },
        anonymous: { mode: "open", scopes: ["things:read"] },
      },
      limits: { rate: "40/min", guesses: "1000/min" },
    },
  });
  served = await serveHttp(gate.gate, { port: 0 });
});
afterAll(() => served.close().then(() => gate.close()));

const get = (
  path: string,
  who?: string,
  more: Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> } = {},
) => {
  const headers = { ...(who !== undefined && { authorization: `Bearer ${who}` }), ...more.headers };
  return fetch(`${served.url}${path}`, { ...more, headers });
};
const namesFor = async (who?: string): Promise<readonly string[]> =>
  parseSnapshot(await (await get("/tools", who)).text()).tools.map(({ name }) => name);

describe("[K3] /tools", () => {
  it("is the snapshot that would be committed, for whoever sees every tool", async () => {
    const response = await get("/tools", "all");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    expect(response.headers.get("vary")).toBe("authorization, cookie, origin");
    const text = await response.text();
    const committed = snapshotOf(gate.gate.config);
    expect(text).toBe(printSnapshot(committed));
    const judgement = judge(parseSnapshot(text), parseSnapshot(printSnapshot(committed)), {
      undeclared: "counted",
      allowed: [],
    });
    expect(judgement).toMatchObject({ isCurrent: true, changes: [] });
  });

  it("[C2] holds what its caller sees, and names nothing else (SECURITY 20)", async () => {
    expect(await namesFor("clerk")).toEqual(["find_things", "look_apart", "seek_things"]);
    expect(await namesFor()).toEqual(["find_things", "seek_things"]);
    const clerk = await (await get("/tools", "clerk")).text();
    expect(JSON.parse(clerk).tools.at(-1)).toMatchObject({ deprecated: { since: "2026-10-01" } });
    const stranger = await (await get("/tools")).text();
    for (const text of [clerk, stranger]) expect(text).not.toContain("weigh");
    // Whom else a tool is for, and what the gate fills in, is the team's.
    expect(stranger).not.toMatch(/scope|modes|desk|account/);
    const [found] = parseSnapshot(stranger).tools as [ToolContract];
    expect(found.input).toMatchObject({ required: ["colour"], properties: { colour: { type: "string" } } });
  });

  it("gives one tool in its version, and no other", async () => {
    const one = await get("/tools/find_things@3", "clerk");
    expect(await one.json()).toMatchObject({ name: "find_things", version: 3, scope: "things:read" });
    expect(await (await get("/tools/find_things", "clerk")).json()).toMatchObject({ version: 3 });
    for (const path of ["find_things@2", "find_things@03", "find_things@", "find_things@x", "", "%", "a/b", "@3"])
      expect((await get(`/tools/${path}`, "clerk")).status, path).toBe(404);
  });

  it("[C2] answers a hidden tool as one that does not exist, letter by letter (SECURITY 1)", async () => {
    const plain = async (path: string) => {
      const response = await get(path, "clerk");
      const headers = [...response.headers].filter(([name]) => name !== "date");
      return JSON.stringify([response.status, headers, await response.text()]);
    };
    const [hidden, absent] = [await plain("/tools/weigh_thing@1"), await plain("/tools/no_such_tool@1")];
    expect(hidden).toBe(absent);
    expect(JSON.parse(hidden)).toMatchObject([404, expect.anything(), expect.stringContaining("unknown_tool")]);
  });

  it("says that nothing is new to whoever has it", async () => {
    const tag = (await get("/tools", "clerk")).headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[\w-]{32}"$/);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const again = await get("/tools", "clerk", { headers: { "if-none-match": known } });
      expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, tag, ""]);
      expect(again.headers.get("cache-control")).toBe("private, no-cache");
    }
    for (const other of ['"other"', tag.slice(1, -1)])
      expect((await get("/tools", "clerk", { headers: { "if-none-match": other } })).status).toBe(200);
    expect((await get("/tools", "all", { headers: { "if-none-match": tag } })).status).toBe(200);
    const one = (await get("/tools/find_things@3", "clerk")).headers.get("etag") ?? "";
    expect((await get("/tools/find_things@3", "clerk", { headers: { "if-none-match": one } })).status).toBe(304);
  });

  it("says of itself what it would give, and takes nothing", async () => {
    const [whole, head] = [await get("/tools", "all:bob"), await get("/tools", "all:bob", { method: "HEAD" })];
    const kept = ["etag", "content-length", "content-type"] as const;
    expect(kept.map((name) => head.headers.get(name))).toEqual(kept.map((name) => whole.headers.get(name)));
    expect(await head.text()).toBe("");
    const posted = await get("/tools", "all:bob", { method: "POST", body: "{}" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("refuses a wrong key, pages of others and whoever asks too often, as a list would", async () => {
    const wrong = await get("/tools", "wrong");
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get("www-authenticate")).toContain("Bearer");
    expect(await wrong.json()).toMatchObject({ error: { code: "credential_invalid" } });
    expect((await get("/tools", "clerk", { headers: { origin: "https://evil.example" } })).status).toBe(403);
    let limited = await get("/tools", "clerk:tired");
    for (let asked = 0; asked < 60 && limited.status === 200; asked += 1) limited = await get("/tools", "clerk:tired");
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await limited.json()).toMatchObject({ error: { code: "rate_limited" } });
    // They share the rate with lists.
    const listed = await gate.as("clerk:tired").request("tools/list", {});
    expect(listed.code).toBe("rate_limited");
  });

  it("is on record with who has asked, and for what", async () => {
    await get("/tools/find_things@3", "clerk:recorded");
    const { records } = await gate.gate.store.audit.search({ subject: "person:recorded", limit: 5 });
    expect(records).toMatchObject([
      {
        method: "callgate/contracts",
        outcome: "ok",
        transport: "http",
        arguments: '{"name":"find_things","version":3}',
      },
    ]);
    expect(records[0]?.resultBytes).toBeGreaterThan(100);
  });

  it("may be read by a page that is allowed to call", async () => {
    const headers = { origin: served.url, "access-control-request-headers": "authorization" };
    expect((await get("/tools", undefined, { method: "OPTIONS", headers })).status).toBe(204);
    const read = await get("/tools", "clerk", { headers: { origin: served.url } });
    expect(read.headers.get("access-control-expose-headers")).toContain("etag");
    expect(read.headers.get("access-control-allow-origin")).toBe(served.url);
  });
});
