import fc from "fast-check";
import { expect, test } from "vitest";
import { issueKey } from "./api-key.ts";
import { clientSubject, subjectByCredential } from "./build-subject.ts";
import { type Known, knownByIdentity } from "./known.ts";

type Somebody = { readonly tenant: string | undefined } & (
  | { readonly kind: "person"; readonly user: string }
  | { readonly kind: "agent"; readonly user: string; readonly agent: string }
  | { readonly kind: "client"; readonly account: string }
);

/** Made of what ids are put together from. */
const name = fc.string({ unit: fc.constantFrom("a", "@", "#", "%", "%23", "%25", "%40"), minLength: 1, maxLength: 3 });
const tenant = fc.option(name, { nil: undefined, freq: 2 });
const somebody: fc.Arbitrary<Somebody> = fc.oneof(
  fc.record({ tenant, kind: fc.constant("person" as const), user: name }),
  fc.record({ tenant, kind: fc.constant("agent" as const), user: name, agent: name }),
  fc.record({ tenant, kind: fc.constant("client" as const), account: name }),
);

function idOf(who: Somebody): string {
  if (who.kind !== "client") return subjectByCredential(knownByIdentity(who) as Known).id;
  const { row } = issueKey({ kind: "channel", name: "chat", scopes: [], tenant: who.tenant }, 0);
  return clientSubject({ mode: "client", accountOf: () => undefined }, who.account, row).id;
}

test.each<[Somebody, Somebody]>([
  [
    { kind: "person", user: "a#b", tenant: undefined },
    { kind: "person", user: "a%23b", tenant: undefined },
  ],
  [
    { kind: "person", user: "a", tenant: "b" },
    { kind: "person", user: "a#b", tenant: undefined },
  ],
  [
    { kind: "agent", agent: "a@b", user: "c", tenant: undefined },
    { kind: "agent", agent: "a", user: "b@c", tenant: undefined },
  ],
])("%j and %j are two", (one, other) => {
  expect(idOf(one)).not.toBe(idOf(other));
});

test("an id belongs to one subject alone, whatever the names are", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(somebody, { selector: (who) => JSON.stringify(who), minLength: 30, maxLength: 40 }),
      (all) => {
        expect(new Set(all.map(idOf)).size).toBe(all.length);
      },
    ),
    { numRuns: 1_000 },
  );
});
