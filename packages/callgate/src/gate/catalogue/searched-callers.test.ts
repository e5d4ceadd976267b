import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { issueKey } from "../../callers/api-key.ts";
import { defineDomain } from "../../define/domain.ts";
import { apiKeys, type CatalogueConfig, defineGate, type Role } from "../../define/gate-config.ts";
import type { Subject } from "../../define/subject.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { type Menu, Menus } from "../served/menus.ts";
import { createRegistry } from "../served/registry.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import type { Reply } from "../testing/test-caller.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const input = z.object({ id: z.string(), owner: z.string().optional() });
const run = ({ id, owner }: z.infer<typeof input>): string => `${id} of ${owner ?? "nobody"}`;

const things = defineDomain("things", about);
things.read("get_thing", {
  description: "Gets a thing by its id.",
  modes: ["desk", "guest"],
  input,
  accountField: "owner",
  guard: ({ input: { id, owner }, subject }) =>
    id !== "locked" && (subject.kind !== "client" || owner === subject.account),
  run,
});
things.read("count_things", { description: "Counts the things there are.", modes: ["desk"], input, run });
things.read("watch_things", { description: "Watches over all things.", kinds: ["person"], input, run });
things.write("drop_thing", {
  description: "Throws a thing away.",
  input,
  plan: () => ({ preview: {} }),
  commit: () => "gone",
});
const apart = defineDomain("apart", { ...about, endpoint: "own" });
apart.read("look_apart", { description: "Looks at things elsewhere.", input, run });

const roles = {
  all: { modes: ["desk"], scopes: ["*"] },
  clerk: { modes: ["desk"], scopes: ["*"] },
} satisfies Readonly<Record<string, Role>>;
const nobody: Omit<Subject, "kind" | "role" | "modes" | "scopes"> = {
  id: "nobody",
  caller: undefined,
  user: undefined,
  account: undefined,
  tenant: undefined,
  domains: undefined,
  attributes: {},
};

/** What two answers say, but for what no two calls have in common. */
const plain = ({ answer }: Reply): string => JSON.stringify(answer).replaceAll(/call_[0-9a-f]{32}/g, "call");

describe("[T8] a catalogue", () => {
  const everybody = (["person", "agent"] as const).flatMap((kind) => ["all", "clerk"].map((role) => ({ kind, role })));

  /** Who searches in a gate with this catalogue, without opening it. */
  function searching(catalogue: Omit<CatalogueConfig, "searchAbove">): readonly string[] {
    const config = defineGate({
      name: "test",
      domains: [things],
      callers: { roles },
      catalogue: { searchAbove: 0, ...catalogue },
      store: sqlite("never.db"),
    });
    const registry = createRegistry(config, config.domains, { clock: Date.now, limiters: localLimiters(Date.now) });
    const menus = new Menus(registry, () => true);
    const menuOf = ({ kind, role }: (typeof everybody)[number]): Menu =>
      menus.of({ ...nobody, kind, role, ...roles.all }, undefined);
    for (const who of everybody) {
      const { searched, listed } = menuOf(who);
      // Whoever does not search has never heard of it.
      expect(listed.tools.includes('"search_tools"')).toBe(searched !== undefined);
    }
    return everybody.filter((who) => menuOf(who).searched !== undefined).map(({ kind, role }) => `${kind} ${role}`);
  }

  it("is for the kinds and the roles that it names, for all of them where it names none", () => {
    expect(searching({})).toEqual(["person all", "person clerk", "agent all", "agent clerk"]);
    expect(searching({ kinds: ["agent"] })).toEqual(["agent all", "agent clerk"]);
    expect(searching({ roles: ["clerk"] })).toEqual(["person clerk", "agent clerk"]);
    expect(searching({ kinds: ["agent"], roles: ["clerk"] })).toEqual(["agent clerk"]);
    expect(searching({ kinds: [] })).toEqual([]);
  });
});

describe("through call_tool", () => {
  let gate: TestGate;
  let channel: string;
  const asClient = { meta: { "io.callgate/identity": { phone: "+1" } } };
  beforeAll(async () => {
    gate = await openTestGate([things, apart], {
      config: {
        catalogue: { searchAbove: 0 },
        graduation: "required",
        callers: {
          authenticate: [
            ({ bearer }) => (bearer === "ann" ? { kind: "person", user: "ann", role: "all" } : undefined),
            ({ bearer }) =>
              bearer === "helper" ? { kind: "agent", user: "ann", agent: "helper", role: "all" } : undefined,
            apiKeys(),
          ],
          roles,
          clients: { mode: "guest", accountOf: ({ phone }) => (phone === "+1" ? "account-1" : undefined) },
        },
      },
    });
    const issued = issueKey({ kind: "channel", name: "chat", scopes: ["identity:assert"] }, Date.now());
    await gate.gate.store.keys.insert(issued.row);
    channel = issued.secret;
  });
  afterAll(() => gate.close());

  const hidden = [
    { what: "of a mode that is not theirs", name: "count_things", who: () => gate.as(channel), asked: asClient },
    { what: "of other kinds of caller", name: "watch_things", who: () => gate.as("helper") },
    { what: "that is not switched on", name: "drop_thing", who: () => gate.as("ann") },
    { what: "of an endpoint of its own", name: "look_apart", who: () => gate.as("ann") },
  ];

  it.each(hidden)("[C2] a tool $what answers as one that does not exist (SECURITY 1)", async ({ name, who, asked }) => {
    const call = (tool: string): Promise<Reply> =>
      who().call("call_tool", { name: tool, arguments: { id: "a" } }, asked);
    expect(plain(await call(name)).replaceAll(name, "no_such_tool")).toBe(plain(await call("no_such_tool")));
    const { structured } = await who().call("search_tools", { query: name, limit: 20 }, asked);
    expect(JSON.stringify(structured)).not.toContain(name);
  });

  it("[C5] a known client has its account put in by the gate, and chooses no other (SECURITY 3)", async () => {
    const call = (input: object): Promise<Reply> =>
      gate.as(channel).call("call_tool", { name: "get_thing", arguments: input }, asClient);
    expect((await call({ id: "a" })).texts).toEqual(["a of account-1"]);
    expect((await call({ id: "a", owner: "account-2" })).code).toBe("not_allowed");
    const { structured } = await gate.as(channel).call("search_tools", { query: "get_thing" }, asClient);
    expect(JSON.stringify(structured)).not.toContain("owner");
  });

  it("[C5] a tool's guard decides as it does of a call by its name", async () => {
    const locked = { id: "locked" };
    const direct = await gate.as("ann").call("get_thing", locked);
    expect(direct.code).toBe("not_allowed");
    expect(plain(await gate.as("ann").call("call_tool", { name: "get_thing", arguments: locked }))).toBe(plain(direct));
  });
});
