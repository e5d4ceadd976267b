import fc from "fast-check";
import { expect, test } from "vitest";
import type { Subject } from "../define/subject.ts";
import { covers, narrow, sees } from "./visible.ts";

const word = fc.constantFrom("bookings", "guests", "read", "write", "own");
const scope = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(":"));
const pattern = fc.oneof(
  scope,
  scope.map((text) => `${text}:*`),
  fc.constant("*"),
);
const granted = fc.array(pattern, { maxLength: 4 });

function subject(part: Partial<Subject>): Subject {
  return {
    kind: "person",
    id: "person:ada",
    caller: undefined,
    user: "ada",
    account: undefined,
    tenant: undefined,
    role: undefined,
    modes: [],
    scopes: [],
    domains: undefined,
    attributes: {},
    ...part,
  };
}

test.each([
  [["*"], "bookings:read", true],
  [["bookings:*"], "bookings:read", true],
  [["bookings:*"], "bookings:read:own", true],
  [["bookings:*"], "bookings", false],
  [["bookings:*"], "bookingsextra:read", false],
  [["*:read"], "bookings:read", false],
  [["bookings:read"], "bookings:write", false],
  [[], "bookings:read", false],
] as const)("%j covers %s: %s", (scopes, wanted, answer) => {
  expect(covers(scopes, wanted)).toBe(answer);
});

test("narrowing gives exactly what both sides cover, in whatever order", () => {
  fc.assert(
    fc.property(granted, granted, scope, (one, other, wanted) => {
      const both = covers(one, wanted) && covers(other, wanted);
      expect(covers(narrow(one, other), wanted)).toBe(both);
      expect(covers(narrow(other, one), wanted)).toBe(both);
    }),
  );
});

test("narrowing by itself or by everything changes nothing, and by nothing leaves nothing", () => {
  fc.assert(
    fc.property(granted, scope, (scopes, wanted) => {
      expect(covers(narrow(scopes, scopes), wanted)).toBe(covers(scopes, wanted));
      expect(covers(narrow(scopes, ["*"]), wanted)).toBe(covers(scopes, wanted));
      expect(narrow(scopes, [])).toEqual([]);
    }),
  );
});

test("[C2] [B3] more scopes, modes, domains or flags never hide a tool, and fewer never show one", () => {
  const modes = fc.subarray(["client", "stranger", "desk"]);
  const domains = fc.option(fc.subarray(["bookings", "guests"]), { nil: undefined });
  const flags = fc.subarray(["new-search", "bulk"]);
  const kind = fc.constantFrom("person", "agent", "client", "anonymous", "operator");
  const demands = fc.record({
    domain: fc.constantFrom("bookings", "guests"),
    scope: fc.option(scope, { nil: undefined }),
    modes: fc.option(modes, { nil: undefined }),
    flags,
  });
  const held = fc.record({ kind, scopes: granted, modes, domains, flags });
  fc.assert(
    fc.property(held, granted, demands, (rights, further, wanted) => {
      const less = subject(rights);
      const more = {
        ...less,
        scopes: [...less.scopes, ...further],
        modes: ["client", "stranger", "desk"],
        domains: undefined,
        flags: ["new-search", "bulk"],
      };
      expect(sees(less, wanted) && !sees(more, wanted)).toBe(false);
      expect(sees({ ...less, domains: [] }, wanted)).toBe(false);
      expect(sees({ ...less, flags: [] }, wanted) && wanted.flags.length > 0).toBe(false);
      expect(sees({ ...less, scopes: [] }, wanted) && wanted.scope !== undefined).toBe(false);
    }),
  );
});

test("a tool without modes is for the team alone, whatever scopes a stranger or client has", () => {
  const wanted = { domain: "bookings", scope: undefined, modes: undefined, flags: [] };
  const seen = (kind: Subject["kind"]): boolean => sees(subject({ kind, scopes: ["*"], modes: ["desk"] }), wanted);
  expect(["person", "agent", "operator", "client", "anonymous"].map((kind) => seen(kind as Subject["kind"]))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("a thing for some kinds of caller is there for no other, whatever else they may", () => {
  const demands = { domain: "bookings", scope: undefined, modes: undefined, flags: [], kinds: ["person"] } as const;
  expect(sees(subject({ scopes: ["*"] }), demands)).toBe(true);
  expect(sees(subject({ kind: "agent", scopes: ["*"] }), demands)).toBe(false);
  expect(sees(subject({ kind: "operator", scopes: ["*"] }), demands)).toBe(false);
  expect(sees(subject({ kind: "client", modes: ["person"] }), { ...demands, modes: ["person"] })).toBe(false);
});
