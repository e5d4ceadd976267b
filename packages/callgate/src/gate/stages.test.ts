import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { issueKey } from "../callers/api-key.ts";
import { CallError } from "../define/call-error.ts";
import { defineDomain } from "../define/domain.ts";
import { apiKeys } from "../define/gate-config.ts";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import { openTestGate, type TestGate } from "./testing/open-test-gate.ts";
import type { Reply } from "./testing/test-caller.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const things = defineDomain("things", about);
const Thing = z.object({ id: z.string() });

things.read("search_things", {
  description: "Finds things by their names.",
  scope: "things:read",
  input: z.object({ text: z.string().default("") }),
  output: z.object({ things: z.array(Thing) }),
  run: () => ({ things: [] }),
});
things.read("get_thing", {
  description: "Gets a thing by its id.",
  scope: "things:read",
  modes: ["desk", "guest"],
  input: z.object({
    id: z.string().min(1).meta({ from: "search_things" }),
    owner: z.string().optional(),
    deep: z.object({ level: z.number() }).optional(),
  }),
  output: z.object({ id: z.string(), owner: z.string().optional() }),
  include: { history: z.array(z.string()) },
  accountField: "owner",
  guard: ({ input, subject }) => {
    if (input.id === "throws") throw new Error("the books are closed: password=hunter2");
    if (input.id === "explains") throw new CallError("thing_locked", "Locked.", { category: "security" });
    if (input.id === "hangs") return new Promise<boolean>(() => undefined);
    if (input.id === "odd") return "yes" as never;
    return subject.kind !== "client" || input.owner === subject.account;
  },
  timeoutMs: 150,
  run: ({ id, owner }) => {
    if (id === "breaks") throw new Error("select * from secrets where password=hunter2");
    return { id, ...(owner !== undefined && { owner }), history: [`made ${id}`] };
  },
});
things.read("find_stays", {
  description: "Finds the stays of an account, or those that anyone may see.",
  modes: ["guest", "strangers"],
  input: z.object({ account: z.string().optional() }),
  accountField: "account",
  run: ({ account }) => account ?? "open ones",
});
things.read("get_misfit", {
  description: "Gives what it never promised.",
  input: z.object({}),
  output: Thing,
  run: () => ({ id: 7, password: "hunter2" }) as never,
});
things.read("pay_thing", {
  description: "Takes one of two sets of arguments.",
  input: z.union([z.object({ card: z.string(), tip: z.number().optional() }), z.object({ cash: z.number() })]),
  run: (input) => JSON.stringify(input),
});
things.read("drop_everything", {
  description: "Is for those with the scope.",
  scope: "things:all",
  input: z.object({}),
  run: () => "dropped",
});

let gate: TestGate;
let channel: string;
beforeAll(async () => {
  gate = await openTestGate([things], {
    config: {
      callers: {
        authenticate: [
          ({ bearer }) => (bearer === "clerk" ? { kind: "person", user: "cora", role: "clerk" } : undefined),
          ({ bearer }) => (bearer === "ann" ? { kind: "person", user: "ann", role: "all" } : undefined),
          apiKeys(),
        ],
        roles: {
          all: { modes: ["desk"], scopes: ["*"] },
          clerk: { modes: ["desk"], scopes: ["things:read"] },
        },
        clients: {
          mode: "guest",
          scopes: ["things:read"],
          accountOf: ({ phone }) => (phone === "+1" ? "account-1" : undefined),
        },
        anonymous: { mode: "strangers" },
      },
    },
  });
  const issued = issueKey({ kind: "channel", name: "chat", scopes: ["identity:assert"] }, Date.now());
  await gate.gate.store.keys.insert(issued.row);
  channel = issued.secret;
});
afterAll(() => gate.close());

const withoutId = (reply: Reply): string => JSON.stringify(reply.answer).replaceAll(/call_[0-9a-f]+/g, "call");

describe("what a caller does not see", () => {
  const clerk = () => gate.as("clerk");

  it("[C2] is not listed", async () => {
    expect([...(await clerk().tools()).keys()]).toEqual(["search_things", "get_thing", "get_misfit", "pay_thing"]);
    expect([...(await gate.as("ann").tools()).keys()]).toContain("drop_everything");
  });

  it("[C2] answers as what does not exist, byte for byte (SECURITY 1)", async () => {
    const hidden = withoutId(await clerk().call("drop_everything"));
    const absent = withoutId(await clerk().call("drop_everythinh"));
    expect(hidden.replaceAll("drop_everything", "NAME")).toBe(absent.replaceAll("drop_everythinh", "NAME"));
    expect(hidden).toContain("-32602");
    expect(hidden).toContain(`"code":"unknown_tool"`);
  });

  it.each([
    "Drop_everything",
    "drop-everything",
    "drop.everything",
    "drop_everything ",
    "drop_everythıng",
    "ｄrop_everything",
  ])("[C2] is not reached as %s either (SECURITY 2)", async (name) => {
    for (const credential of ["clerk", "ann"]) {
      expect((await gate.as(credential).call(name)).answer).toMatchObject({ kind: "error", code: -32_602 });
    }
  });

  it("[C2] is not told of by arguments, cursors or dry runs that would be wrong", async () => {
    const plain = withoutId(await clerk().call("drop_everything"));
    for (const input of [{ dry_run: true }, { cursor: "x" }, { nonsense: 1 }, { idempotency_key: "" }])
      expect(withoutId(await clerk().call("drop_everything", input))).toBe(plain);
  });

  it("[C2] is all but the tools of their mode for those who present no credential", async () => {
    expect([...(await gate.as(undefined).tools()).keys()]).toEqual(["find_stays"]);
    expect((await gate.as(undefined).call("get_thing", { id: "a" })).answer.kind).toBe("error");
  });

  it("[C2] a credential that is wrong is refused and not lowered to nobody's", async () => {
    expect((await gate.as("stolen").call("get_thing", { id: "a" })).answer).toMatchObject({ httpStatus: 401 });
  });
});

describe("arguments", () => {
  const ann = (input: Record<string, unknown>) => gate.as("ann").call("get_thing", input);

  it("[T4] that are wrong name the field, what was expected and the tool to call", async () => {
    const { error } = await ann({ id: 7 });
    expect(error).toMatchObject({ code: "invalid_arguments", category: "validation" });
    expect(error?.message).toMatch(/id: .*string/);
    expect(error?.next).toContain("search_things");
    expect(error?.details?.["fields"]).toEqual([{ field: "id", problem: expect.stringContaining("string") }]);
  });

  it("[T4] that are wrong deep inside name the whole way", async () => {
    const { error } = await ann({ id: "a", deep: { level: "high" } });
    expect(error?.message).toContain("deep.level");
  });

  it("[T4] that are not there are said to be missing, whatever a library calls it", async () => {
    const { error } = await ann({ deep: { level: "high" } });
    expect(error).toMatchObject({ message: expect.stringMatching(/id: missing; deep\.level: (?!missing)/) });
  });

  it("[T4] that nobody knows are refused, with the nearest that is known", async () => {
    expect((await ann({ idd: "a" })).error).toMatchObject({ code: "unknown_argument", next: "Did you mean `id`?" });
    expect((await ann({ id: "a", inclued: [] })).error?.next).toContain("`include`");
    expect((await ann({ id: "a", quite_different: 1 })).error?.next).toContain("id, owner, deep");
  });

  it.each([
    ["include", "history"],
    ["include", ["nothing"]],
    ["reason", 7],
    ["reason", "x".repeat(1_001)],
  ])("[T4] of the gate itself that are wrong are refused: %s", async (name, value) => {
    expect((await ann({ id: "a", [name]: value })).code).toBe("invalid_arguments");
  });

  it("[T4] that no branch of a union knows are refused instead of dropped", async () => {
    const { error } = await gate.as("ann").call("pay_thing", { card: "c", tipp: 5 });
    expect(error).toMatchObject({ code: "unknown_argument", next: "Did you mean `tip`?" });
    expect((await gate.as("ann").call("pay_thing", { cash: 5, reason: "r" })).texts).toEqual(['{"cash":5}']);
  });

  it("[T4] that are no object are refused", async () => {
    const { answer } = await gate.as("ann").request("tools/call", { name: "get_thing", arguments: [1] });
    expect(JSON.stringify(answer)).toContain("must be an object");
  });

  it("[T1] named like what every object has are unknown, not inherited", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const input = JSON.parse(`{"id":"a","${name}":{"polluted":true}}`) as Record<string, unknown>;
      expect((await ann(input)).code).toBe("unknown_argument");
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("a guard", () => {
  const ann = (id: string) => gate.as("ann").call("get_thing", { id });

  it("[C5] that throws denies, and what it said stays in the log", async () => {
    const reply = await ann("throws");
    expect(reply.code).toBe("not_allowed");
    expect(JSON.stringify(reply)).not.toContain("hunter2");
    expect(JSON.stringify(gate.logged)).toContain("the books are closed");
  });

  it("[C5] that hangs denies at the deadline", async () => {
    expect((await ann("hangs")).code).toBe("not_allowed");
  });

  it("[C5] that answers anything but true denies (SECURITY 3)", async () => {
    expect((await ann("odd")).code).toBe("not_allowed");
  });

  it("[C5] may say in its own words why not", async () => {
    expect((await ann("explains")).error).toMatchObject({ code: "thing_locked", message: "Locked." });
  });
});

describe("a known client", () => {
  const asClient = (input: Record<string, unknown>, phone = "+1") =>
    gate.as(channel).call("get_thing", input, { meta: { "io.callgate/identity": { phone } } });

  it("[C5] has its account put in by the gate", async () => {
    expect((await asClient({ id: "a" })).structured).toEqual({ id: "a", owner: "account-1" });
  });

  it("[C5] chooses no other account", async () => {
    expect((await asClient({ id: "a", owner: "account-2" })).code).toBe("not_allowed");
    expect((await asClient({ id: "a", owner: "account-1" })).structured).toEqual({ id: "a", owner: "account-1" });
  });

  it("[C2] sees the tools of its mode alone, without the field that is not its own", async () => {
    const meta = { "io.callgate/identity": { phone: "+1" } };
    const { result } = await gate.as(channel).request("tools/list", {}, { meta });
    const tools = result?.["tools"] as readonly {
      readonly name: string;
      readonly inputSchema: { properties: object };
    }[];
    expect(tools.map(({ name }) => name)).toEqual(["get_thing", "find_stays"]);
    expect(Object.keys(tools[0]?.inputSchema.properties ?? {})).toEqual(["id", "deep", "include", "reason"]);
  });

  it("[C3] whose account is not found sees nothing of it", async () => {
    expect((await asClient({ id: "a" }, "+2")).answer.kind).toBe("error");
  });
});

describe("a stranger", () => {
  const ways: readonly (readonly [string, () => ReturnType<TestGate["as"]>, Record<string, unknown>])[] = [
    ["without a credential", () => gate.as(undefined), {}],
    ["whom a channel cannot place", () => gate.as(channel), { "io.callgate/identity": { phone: "+2" } }],
  ];

  it.each(ways)("[C5] %s names nobody's account (SECURITY 3)", async (_what, caller, meta) => {
    expect((await caller().call("find_stays", { account: "account-1" }, { meta })).code).toBe("not_allowed");
    expect((await caller().call("find_stays", {}, { meta })).texts).toEqual(["open ones"]);
  });

  it.each(ways)("[C5] %s is not shown the field of the account", async (_what, caller, meta) => {
    const { result } = await caller().request("tools/list", {}, { meta });
    const [tool] = (result?.["tools"] ?? []) as readonly { readonly inputSchema: { readonly properties: object } }[];
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(["reason"]);
  });
});

describe("a result", () => {
  it("[T3] holds optional parts only where they are asked for", async () => {
    const plain = await gate.as("ann").call("get_thing", { id: "a" });
    const more = await gate.as("ann").call("get_thing", { id: "a", include: ["history"] });
    expect(plain.structured).toEqual({ id: "a" });
    expect(more.structured).toEqual({ id: "a", history: ["made a"] });
  });

  it("[T1] that does not fit its schema never reaches the caller, not even in part", async () => {
    const reply = await gate.as("ann").call("get_misfit");
    expect(reply.code).toBe("result_invalid");
    expect(JSON.stringify(reply)).not.toContain("hunter2");
  });

  it("[T1] without a declared output is text", async () => {
    expect(await gate.as("ann").call("drop_everything")).toMatchObject({ texts: ["dropped"], structured: undefined });
  });

  it("[T4] that is an unexpected throw says only where to look: secrets stay in the log", async () => {
    const reply = await gate.as("ann").call("get_thing", { id: "breaks" });
    expect(reply.code).toBe("system_error");
    expect(JSON.stringify(reply)).not.toContain("hunter2");
    const id = /call_[0-9a-f]+/.exec(reply.error?.message ?? "")?.[0];
    expect(gate.logged.some(({ fields }) => fields["callId"] === id)).toBe(true);
  });
});

describe("the record", () => {
  it("[O1] holds every call before it is answered: who, what, why, how it ended and how long each stage took", async () => {
    await gate.as("ann").call("get_thing", { id: "recorded", reason: "a guest asked" });
    const { records } = await searchWhole(gate.gate.store.audit, { tool: "get_thing", limit: 1 });
    expect(records[0]).toMatchObject({
      kind: "call",
      outcome: "ok",
      subject: "person:ann",
      reason: "a guest asked",
      arguments: '{"id":"recorded","reason":"a guest asked"}',
      result: '{"id":"recorded"}',
    });
    expect(Object.keys(JSON.parse(records[0]?.stages ?? "{}"))).toEqual([
      "identify",
      "limit",
      "check",
      "guard",
      "run",
      "shape",
    ]);
  });

  it("[O1] goes on with the caller's trace", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    await gate.as("ann").call("get_thing", { id: "a" }, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    expect((await searchWhole(gate.gate.store.audit, { traceId, limit: 5 })).records).toHaveLength(1);
  });
});
