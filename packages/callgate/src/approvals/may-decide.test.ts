import { describe, expect, it } from "vitest";
import type { Subject } from "../define/subject.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import { mayDecide } from "./may-decide.ts";

describe("who may decide", () => {
  const row = (level: string, user = "ann", decisions: readonly object[] = []) =>
    ({
      subject: `agent:helper@${user}`,
      tenant: undefined,
      approval: { level, user, decisions },
    }) as unknown as LedgerRow;
  const subject = (kind: string, user: string, scopes: readonly string[] = []) =>
    ({ kind, user, id: `${kind}:${user}`, scopes }) as unknown as Subject;

  it("[W3] is the person it is for, or another person with the scope; never an agent (SECURITY 18)", () => {
    expect(mayDecide(subject("person", "ann"), row("owner"))).toBe("owner");
    expect(mayDecide(subject("person", "ben", ["approvals:decide"]), row("owner"))).toBe("operator");
    expect(mayDecide(subject("person", "ben"), row("owner"))).toBeUndefined();
    expect(mayDecide(subject("agent", "ann", ["*"]), row("owner"))).toBeUndefined();
    expect(mayDecide(subject("operator", "ops", ["*"]), row("owner"))).toBeUndefined();
  });

  it("[W3] is never oneself where another person has to agree, nor the same one twice (SECURITY 18)", () => {
    expect(mayDecide(subject("person", "ann", ["*"]), row("operator"))).toBeUndefined();
    expect(mayDecide(subject("person", "ben", ["*"]), row("operator"))).toBe("operator");
    expect(mayDecide(subject("person", "ben", ["*"]), row("two", "ann", [{ user: "ben" }]))).toBeUndefined();
    expect(mayDecide(subject("person", "cid", ["*"]), row("two", "ann", [{ user: "ben" }]))).toBe("operator");
  });

  it.each([
    ["ann@x.org", "Ann@X.org"],
    ["jos\u00e9", "JOSE\u0301"],
    ["ann", "ann "],
    ["ann", "\uff41nn"],
  ])("[W3] takes %j and %j for one person, and neither for the other's owner (SECURITY 18)", (one, other) => {
    expect(mayDecide(subject("person", other, ["*"]), row("operator", one))).toBeUndefined();
    expect(mayDecide(subject("person", other, ["*"]), row("owner", one))).toBeUndefined();
    expect(mayDecide(subject("person", other, ["*"]), row("two", "cid", [{ user: one }]))).toBeUndefined();
    expect(mayDecide(subject("person", "ben", ["*"]), row("two", "cid", [{ user: one }]))).toBe("operator");
  });
});
