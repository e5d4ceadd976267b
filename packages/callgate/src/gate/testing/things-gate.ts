import { z } from "zod";
import { issueKey } from "../../callers/api-key.ts";
import { CallError } from "../../define/call-error.ts";
import { defineDomain } from "../../define/domain.ts";
import { apiKeys } from "../../define/gate-config.ts";
import { openTestGate, type TestGate } from "./open-test-gate.ts";

const Thing = z.object({ id: z.string() });
const things = defineDomain("things", { owner: "o", purpose: "p", concern: "c" });
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

/** A gate before a domain whose tools go wrong in many ways, and the key of a channel to it. */
export interface ThingsGate {
  readonly gate: TestGate;
  readonly channel: string;
}

/** Opens it: `ann` sees all, `clerk` what has the scope `things:read`, known clients and strangers what is for them. */
export async function openThingsGate(): Promise<ThingsGate> {
  const gate = await openTestGate([things], {
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
  return { gate, channel: issued.secret };
}
