import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Domain, defineDomain } from "../../define/domain.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { inputRequired } from "../../define/input-required.ts";
import type { AuditRecord } from "../../store/audit-port.ts";
import { bookingDomain } from "../testing/booking-domain.ts";
import { gateThatAsks, stay } from "../testing/gate-that-asks.ts";
import { longDomain, look, taskOf, withTasks } from "../testing/long-domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import type { Asked, Reply } from "../testing/test-caller.ts";
import { workshop } from "../testing/workshop.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const searched = { catalogue: { searchAbove: 0 } };

function things(): Domain<undefined> {
  const domain = defineDomain("things", about);
  const input = z.object({ id: z.string() });
  const run = ({ id }: { id: string }) => ({ id });
  const output = z.object({ id: z.string() });
  const seen = { scope: "things:read", input, output, run };
  domain.read("get_thing", { description: "Gets a thing by its id.", ...seen, rate: "2/min" });
  domain.read("find_things", { description: "Finds things by their colour.", ...seen });
  domain.read("weigh_thing", { description: "Says how heavy a thing is.", ...seen, scope: "things:weigh" });
  return domain;
}

const open = (config: Partial<GateConfig> = searched): Promise<TestGate> => openTestGate([things()], { config });

/** The tools that a search gives with their schemas. */
async function find(gate: TestGate, asked: object, who = "ann"): Promise<readonly Record<string, unknown>[]> {
  const { structured } = await gate.as(who).call("search_tools", { ...asked });
  return (structured?.["tools"] ?? []) as Record<string, unknown>[];
}

const through = (name: string, input: object = {}, asked: Asked = {}) =>
  ["call_tool", { name, arguments: { ...input } }, asked] as const;

/** What two answers say, but for what no two calls have in common. */
function plain({ answer }: Reply): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/call_[0-9a-f]{32}/g, "call"));
}

describe("[T8] a caller who sees more tools than are listed", () => {
  it("is listed two in their place, and those that are pinned", async () => {
    await using gate = await open({ catalogue: { searchAbove: 2, pinned: ["find_things", "weigh_thing"] } });
    const tools = await gate.as("ann").tools();
    expect([...tools.keys()]).toEqual(["search_tools", "call_tool", "find_things", "weigh_thing"]);
    expect(tools.get("search_tools")?.["description"]).toContain("You have 3 tools, by domain: things (3).");
    expect(tools.get("call_tool")?.["annotations"]).toMatchObject({ readOnlyHint: true });
    // Two are not more than two. Had she more of them a moment ago, both ways to call them are the same.
    const clerk = gate.as("clerk:cora");
    expect([...(await clerk.tools()).keys()]).toEqual(["get_thing", "find_things"]);
    expect(await find(gate, { query: "thing", limit: 9 }, "clerk:cora")).toHaveLength(2);
    expect((await clerk.call(...through("find_things", { id: "a" }))).structured).toEqual({ id: "a" });
  });

  it("finds a tool by what it does, as the list would have shown it, and how it is called", async () => {
    const pinned = ["weigh_thing"];
    await using gate = await open({ catalogue: { searchAbove: 0, pinned } });
    await using listed = await open({});
    const shown = await listed.as("ann").tools();
    const [found] = await find(gate, { query: "colours" });
    expect(found).toEqual({
      name: "find_things",
      domain: "things",
      effect: "read",
      description: "Finds things by their colour.",
      call: "call_tool",
      input_schema: shown.get("find_things")?.["inputSchema"],
    });
    expect((await find(gate, { query: "how heavy" }))[0]).toMatchObject({ name: "weigh_thing", call: "weigh_thing" });
  });

  it("finds a tool first whose name is given, all of a domain, and none by words that no tool has", async () => {
    await using gate = await open();
    expect((await find(gate, { query: "find things, or get_thing" }))[0]).toMatchObject({ name: "get_thing" });
    const names = (await find(gate, { domain: "things", limit: 2 })).map(({ name }) => name);
    expect(names).toEqual(["get_thing", "find_things"]);
    const { structured } = await gate.call("search_tools", { domain: "things", limit: 2 });
    expect(structured).toMatchObject({ others: ["weigh_thing"] });
    const nothing = await gate.call("search_tools", { query: "xylophone" });
    expect(nothing.structured).toMatchObject({ tools: [], others: [], next: expect.stringContaining("other words") });
    expect((await gate.call("search_tools")).error).toMatchObject({ code: "invalid_arguments" });
  });

  it("may have all of them in the list, if it asks for that", async () => {
    await using gate = await open();
    await using listed = await open({});
    const meta = { "io.callgate/catalogue": "list" };
    const all = await gate.as("ann").request("tools/list", {}, { meta });
    expect(all.result).toEqual((await listed.as("ann").request("tools/list", {})).result);
  });

  it("is listed the tools of an endpoint where they are few", async () => {
    await using gate = await openTestGate([things(), workshop(() => "")], {
      config: { catalogue: { searchAbove: 3 } },
    });
    expect([...(await gate.as("ann").tools()).keys()]).toEqual(["search_tools", "call_tool"]);
    expect([...(await gate.as("ann").tools("workshop")).keys()]).toEqual(["do_work"]);
    const { structured } = await gate.call("search_tools", { query: "work thing" }, { endpoint: "workshop" });
    expect(structured).toMatchObject({ tools: [{ name: "do_work" }], others: [] });
  });
});

describe("[C2] what a caller does not see", () => {
  it("is found by no search, not by its name, its domain or its words", async () => {
    await using gate = await openTestGate([things(), workshop(() => "", { scope: "secret" })], { config: searched });
    const clerk = gate.as("clerk:cora");
    const { tools } = { tools: await clerk.tools() };
    expect(JSON.stringify([...tools])).not.toMatch(/weigh|work/);
    for (const [hidden, absent] of [
      [{ query: "weigh_thing" }, { query: "thing of no name" }],
      [{ query: "weigh" }, { query: "xylophone" }],
      [{ domain: "workshop" }, { domain: "nowhere" }],
    ]) {
      expect(plain(await clerk.call("search_tools", { ...hidden }))).toEqual(
        plain(await clerk.call("search_tools", { ...absent })),
      );
    }
  });

  it("is called by nobody through call_tool: it answers as what does not exist, letter by letter (SECURITY 1)", async () => {
    await using gate = await open();
    const clerk = gate.as("clerk:cora");
    const hidden = await clerk.call(...through("weigh_thing", { id: "a" }));
    const absent = await clerk.call(...through("no_such_tool", { id: "a" }));
    const direct = await clerk.call("no_such_tool", { id: "a" });
    expect(hidden.code).toBe("unknown_tool");
    expect(JSON.stringify(hidden.answer).replaceAll("weigh_thing", "no_such_tool")).toBe(JSON.stringify(absent.answer));
    expect(absent.answer).toEqual(direct.answer);
  });
});

describe("[C2] through call_tool", () => {
  it("no other spelling of a name leads to a tool (SECURITY 2)", async () => {
    await using gate = await open();
    const spellings = [
      "Get_Thing",
      "get-thing",
      "get.thing",
      "getthing",
      "things.get_thing",
      "get_thing ",
      "ｇet_thing",
      "",
    ];
    for (const name of [...spellings, "__proto__", "constructor"])
      expect((await gate.call(...through(name, { id: "a" }))).code, name).toBe("unknown_tool");
  });

  it("callers who search at the same time find each what is theirs (SECURITY 20)", async () => {
    await using gate = await open();
    const asks = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? "ann" : "clerk:cora"));
    const found = await Promise.all(asks.map((who) => find(gate, { query: "thing", limit: 20 }, who)));
    for (const [at, tools] of found.entries()) expect(tools).toHaveLength(asks[at] === "ann" ? 3 : 2);
  });
});

describe("[T8] a call through call_tool", () => {
  const last = async ({ gate }: TestGate): Promise<AuditRecord> => {
    const { records } = await gate.store.audit.search({ limit: 1 });
    return records[0] as AuditRecord;
  };

  it("answers as the tool itself, by its former names too, and is on record as that tool's", async () => {
    await using gate = await openTestGate([things(), workshop(() => "done", { renamed: { from: ["old_work"] } })], {
      config: searched,
    });
    const direct = await gate.call("get_thing", { id: "a", reason: "why" });
    const before = await last(gate);
    expect(plain(await gate.call(...through("get_thing", { id: "a", reason: "why" })))).toEqual(plain(direct));
    const after = await last(gate);
    const same = ["tool", "domain", "effect", "method", "arguments", "reason", "result", "outcome"] as const;
    expect(same.map((column) => after[column])).toEqual(same.map((column) => before[column]));
    expect(after.tool).toBe("get_thing");
    const former = await gate.call(...through("old_work"));
    expect(former.texts).toEqual(["done", "old_work is called do_work now."]);
  });

  it("fails in the same words", async () => {
    await using gate = await open();
    for (const input of [{ id: 7 }, {}, { id: "a", ident: "a" }])
      expect(plain(await gate.call(...through("find_things", input)))).toEqual(
        plain(await gate.call("find_things", input)),
      );
  });

  it("counts against the tool's own limits", async () => {
    await using gate = await open();
    await gate.call("get_thing", { id: "a" });
    await gate.call(...through("get_thing", { id: "a" }));
    const refused = await gate.call(...through("get_thing", { id: "a" }));
    expect(refused.error).toMatchObject({ code: "rate_limited", message: expect.stringContaining("get_thing") });
  });

  it("that says anything but which tool and its arguments is refused, and does nothing", async () => {
    const { domain, effects } = bookingDomain();
    await using gate = await openTestGate([domain], { config: searched });
    const odd = [
      { name: "create_booking", arguments: { guest: "Ada" }, dry_run: true },
      { name: "create_booking", guest: "Ada" },
      { name: "create_booking", arguments: "Ada" },
      { name: 7 },
      {},
    ];
    for (const input of odd) {
      const { code } = await gate.call("call_tool", input);
      expect(["unknown_argument", "invalid_arguments"]).toContain(code);
    }
    expect((await gate.call(...through("call_tool", { name: "create_booking" }))).code).toBe("unknown_tool");
    expect(effects).toEqual([]);
  });

  it("[W2] is the same write as the tool's own: previewed, held to that, made once", async () => {
    const { domain, effects } = bookingDomain();
    await using gate = await openTestGate([domain], { config: searched });
    expect((await gate.as("ann").tools()).get("call_tool")?.["annotations"]).toMatchObject({ readOnlyHint: false });
    const preview = await gate.call(...through("create_booking", { guest: "Ada", dry_run: true }));
    expect(preview.structured).toMatchObject({ dry_run: true });
    expect(effects).toEqual([]);
    const keyed = { guest: "Ada", idempotency_key: "k", preview_hash: preview.structured?.["preview_hash"] };
    expect((await gate.call(...through("create_booking", keyed))).structured).toMatchObject({ id: "b1" });
    expect((await gate.call("create_booking", keyed)).meta).toMatchObject({ "io.callgate/replayed": true });
    expect((await gate.call(...through("create_booking", keyed))).meta).toMatchObject({ "io.callgate/replayed": true });
    const { rows } = await gate.gate.store.ledger.list({ limit: 9 });
    expect(rows.map(({ tool }) => tool)).toEqual(["create_booking"]);
    expect(effects).toHaveLength(1);
  });

  it("[W3] waits for the same approval, and uses it up", async () => {
    await using asking = await gateThatAsks({}, { config: searched });
    const { gate, bookings } = asking;
    expect((await gate.call(...through("create_booking", stay("k")))).code).toBe("approval_pending");
    await asking.decide("approve");
    expect((await gate.call(...through("create_booking", stay("k")))).structured).toMatchObject({ id: "b1" });
    expect((await gate.call("create_booking", stay("k"))).meta).toMatchObject({ "io.callgate/replayed": true });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[T7] may ask its client, and be answered by either way", async () => {
    const requests = { name: { method: "elicitation/create" as const, params: { message: "Your name?" } } };
    const tool = workshop((_input, ctx) =>
      ctx.state === undefined ? inputRequired({ requests, state: 1 }) : JSON.stringify(ctx.inputResponses),
    );
    await using gate = await openTestGate([tool], { config: searched });
    const able = { capabilities: { elicitation: {} } };
    const asked = await gate.call(...through("do_work", {}, able));
    expect(asked.answer).toMatchObject({ resultType: "input_required" });
    const requestState = asked.result?.["requestState"];
    const params = { requestState, inputResponses: { name: { action: "accept" } } };
    const answered = { ...able, params };
    const both = [await gate.call(...through("do_work", {}, answered)), await gate.call("do_work", {}, answered)];
    for (const { texts } of both) expect(texts).toEqual(['{"name":{"action":"accept"}}']);
  });

  it("[L1] begins the tool's task where its work is long", async () => {
    const long = longDomain();
    await using gate = await openTestGate([long.domain], { config: searched });
    const ann = gate.as("ann");
    const id = taskOf(await ann.call(...through("send_report", { name: "may" }, withTasks)));
    await expect.poll(() => long.held).toHaveLength(1);
    expect(taskOf(await ann.call("send_report", { name: "may" }, withTasks))).toBe(id);
    long.held[0]?.end("sent");
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed" });
    expect((await gate.gate.store.tasks.list({ limit: 9 })).rows).toMatchObject([{ tool: "send_report" }]);
  });

  it("[W1] is no way for a plan to write: tools call one another by their names", async () => {
    const { domain, effects } = bookingDomain();
    const called: unknown[] = [];
    const sly = defineDomain("sly", about);
    sly.write("book_slyly", {
      description: "Books while it only plans.",
      input: z.object({}),
      plan: async (_input, ctx) => {
        const call = { name: "create_booking", arguments: { guest: "Ada" } };
        called.push(await ctx.call("call_tool", call).catch((error: unknown) => error));
        return { preview: {} };
      },
      commit: () => "",
    });
    await using gate = await openTestGate([domain, sly], { config: searched });
    await gate.call("book_slyly", { dry_run: true });
    expect(called).toMatchObject([{ code: "unknown_tool" }]);
    expect(effects).toEqual([]);
  });
});
