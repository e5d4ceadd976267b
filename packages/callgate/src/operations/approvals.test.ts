import { describe, expect, it } from "vitest";
import type { ApprovalSummary, ApprovalView } from "../approvals/approval-view.ts";
import type { ApprovalLevel } from "../define/approval.ts";
import type { Identity } from "../define/subject.ts";
import { bookingDomain } from "../gate/testing/booking-domain.ts";
import { openTestGate, type TestGate, type TestGateOptions } from "../gate/testing/open-test-gate.ts";
import type { Reply } from "../gate/testing/test-caller.ts";
import { approvalsDomain } from "./approvals.ts";

interface Asking extends AsyncDisposable {
  readonly gate: TestGate;
  readonly effects: readonly unknown[];
  /** Has ann's agent, or somebody else, ask for a stay; gives the id of its approval. */
  ask(key?: string, who?: string): Promise<string>;
  decide(
    who: string,
    approval_id: string,
    said: Verdict | { readonly decision: Verdict; readonly note: string },
  ): Promise<Said>;
}

type Verdict = "approve" | "deny";

interface Said {
  readonly code: string | undefined;
  readonly approval: ApprovalView;
}

const AGENT = "agent:ann";

async function gateThatAsks(approval: ApprovalLevel = "owner", options: TestGateOptions = {}): Promise<Asking> {
  const bookings = bookingDomain({ approval });
  const gate = await openTestGate([bookings.domain], {
    domainsOf: (insides) => [approvalsDomain(insides)],
    ...options,
  });
  return {
    gate,
    effects: bookings.effects,
    ask: async (key = "k", who = AGENT) => {
      const call = { guest: "Ann", idempotency_key: key, reason: "she asked me to" };
      const asked = await gate.as(who).call("create_booking", call);
      expect(asked.code).toBe("approval_pending");
      const writeId = String(asked.error?.details?.["write_id"]);
      return (await gate.gate.store.ledger.get(writeId))?.approval?.id ?? "";
    },
    decide: async (who, approval_id, said) => {
      const decided = { approval_id, ...(typeof said === "string" ? { decision: said } : said) };
      const { code, structured } = await callAs(gate, who, ["decide_approval", decided]);
      return { code, approval: structured as unknown as ApprovalView };
    },
    [Symbol.asyncDispose]: () => gate.close(),
  };
}

/** Calls a tool of approvals, at their own endpoint. */
function callAs(gate: TestGate, who: string, [tool, input]: readonly [string, object?]): Promise<Reply> {
  return gate.as(who).call(tool, { ...input }, { endpoint: "approvals" });
}

async function listed(gate: TestGate, who: string): Promise<readonly ApprovalSummary[]> {
  const { structured } = await callAs(gate, who, ["list_approvals"]);
  return (structured as { approvals: readonly ApprovalSummary[] }).approvals;
}

describe("an approval of the person it is for", () => {
  it("[W3] is seen and given by that person without any scope, and recorded as theirs", async () => {
    await using asking = await gateThatAsks();
    const { gate, effects } = asking;
    const id = await asking.ask();
    expect(await listed(gate, "clerk:ann")).toMatchObject([
      {
        approval_id: id,
        tool: "create_booking",
        level: "owner",
        state: "awaiting",
        would: "Guest: Ann · Price: 100",
        you_may: ["approve", "deny", "withdraw"],
      },
    ]);
    const { structured } = await callAs(gate, "clerk:ann", ["get_approval", { approval_id: id }]);
    expect(structured).toMatchObject({
      asked_by: "agent:ann-agent@ann",
      for_user: "ann",
      reason: "she asked me to",
      preview: { action: "create_booking", guest: "Ann", price: 100 },
      arguments: { guest: "Ann", nights: 1 },
      decisions: [],
      contract_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const { approval } = await asking.decide("clerk:ann", id, { decision: "approve", note: "go on" });
    expect(approval).toMatchObject({
      state: "approved",
      you_may: ["withdraw"],
      decisions: [{ verdict: "approve", by: "person:ann", as: "owner", note: "go on" }],
    });
    expect(effects).toEqual([]);
    await gate.as(AGENT).call("create_booking", { guest: "Ann", idempotency_key: "k" });
    expect(effects).toHaveLength(1);
    const after = await callAs(gate, "clerk:ann", ["get_approval", { approval_id: id }]);
    expect(after.structured).toMatchObject({ state: "used", you_may: [] });
    expect(await listed(gate, "clerk:ann")).toEqual([]);
  });

  it("[W3] is found however many others there are, page by page", async () => {
    await using asking = await gateThatAsks();
    const { gate } = asking;
    const keys = Array.from({ length: 120 }, (_, index) => `k${index}`);
    const asked: string[] = [];
    // As many of one caller's may not be open at once.
    for (const [index, key] of keys.entries()) asked.push(await asking.ask(key, index % 2 === 0 ? AGENT : "ann"));
    const [oldest = ""] = asked;
    await asking.decide("clerk:ann", oldest, "approve");
    const page = async (cursor?: string): Promise<{ approvals: ApprovalSummary[]; next_cursor?: string }> => {
      const { structured } = await callAs(gate, "clerk:ann", [
        "list_approvals",
        cursor === undefined ? {} : { cursor },
      ]);
      return structured as { approvals: ApprovalSummary[]; next_cursor?: string };
    };
    const first = await page();
    expect(first.approvals).toHaveLength(100);
    const second = await page(first.next_cursor);
    const found = [...first.approvals, ...second.approvals].map(({ approval_id }) => approval_id);
    expect(found).toEqual([...asked.slice(1).toReversed(), oldest]);
    expect(second.next_cursor).toBeUndefined();
    expect((await callAs(gate, "clerk:ann", ["list_approvals", { cursor: "made up" }])).code).toBe("cursor_invalid");
  });

  it("[W3] does not exist for agents, by any of its tools (SECURITY 18)", async () => {
    await using asking = await gateThatAsks();
    const approval_id = await asking.ask();
    const agent = asking.gate.as(AGENT);
    for (const [tool, input] of [
      ["list_approvals", {}],
      ["get_approval", { approval_id }],
      ["decide_approval", { approval_id, decision: "approve" }],
      ["withdraw_approval", { approval_id }],
    ] as const) {
      expect((await agent.call(tool, input)).code).toBe("unknown_tool");
      expect((await callAs(asking.gate, AGENT, [tool, input])).answer).toMatchObject({ httpStatus: 404 });
      // Nor is it at hand for a model that calls with the person's own key.
      expect((await asking.gate.as("ann").call(tool, input)).code).toBe("unknown_tool");
    }
  });

  it("[W3] answers everybody else as one that was never asked (SECURITY 19)", async () => {
    await using asking = await gateThatAsks();
    const { gate } = asking;
    const approval_id = await asking.ask();
    const made = `apr_${"0".repeat(32)}`;
    for (const tool of ["get_approval", "decide_approval", "withdraw_approval"]) {
      const more = tool === "decide_approval" ? { decision: "approve" } : {};
      const [theirs, none] = await Promise.all([
        callAs(gate, "clerk:bob", [tool, { approval_id, ...more }]),
        callAs(gate, "clerk:bob", [tool, { approval_id: made, ...more }]),
      ]);
      expect(theirs.code).toBe("unknown_approval");
      const plain = (reply: typeof theirs, id: string): string =>
        JSON.stringify([reply.error?.message, reply.error?.next, reply.error?.category]).replaceAll(id, "<id>");
      expect(plain(theirs, approval_id)).toBe(plain(none, made));
    }
    expect(await listed(gate, "clerk:bob")).toEqual([]);
    expect((await callAs(gate, "clerk:ann", ["get_approval", { approval_id }])).structured).toMatchObject({
      state: "awaiting",
      decisions: [],
    });
  });

  it("[W3] that is denied tells whoever asked, with the note", async () => {
    await using asking = await gateThatAsks();
    await asking.decide("clerk:ann", await asking.ask(), { decision: "deny", note: "too dear" });
    const denied = await asking.gate.as(AGENT).call("create_booking", { guest: "Ann", idempotency_key: "k" });
    expect(denied.error).toMatchObject({ code: "approval_denied", message: expect.stringContaining("too dear") });
    expect(asking.effects).toEqual([]);
  });

  it("[W3] is taken back by that person, and asked anew under another id", async () => {
    await using asking = await gateThatAsks();
    const { gate } = asking;
    const approval_id = await asking.ask();
    await asking.decide("clerk:ann", approval_id, "approve");
    const { structured } = await callAs(gate, "clerk:ann", ["withdraw_approval", { approval_id, note: "not yet" }]);
    expect(structured).toMatchObject({ state: "withdrawn", you_may: [] });
    expect(await asking.ask()).not.toBe(approval_id);
    expect((await callAs(gate, "clerk:ann", ["get_approval", { approval_id }])).code).toBe("unknown_approval");
    expect(asking.effects).toEqual([]);
  });

  it("[W3] that has expired is decided by nobody", async () => {
    let now = Date.now();
    await using asking = await gateThatAsks("owner", { clock: () => now });
    const approval_id = await asking.ask();
    now += 60 * 60_000;
    expect((await asking.decide("clerk:ann", approval_id, "approve")).code).toBe("not_to_decide");
    expect(await listed(asking.gate, "clerk:ann")).toEqual([]);
    const { structured } = await callAs(asking.gate, "clerk:ann", ["get_approval", { approval_id }]);
    expect(structured).toMatchObject({ state: "expired", you_may: [] });
  });

  it("[W3] is one decision however often it is said, and cannot be changed by saying something else", async () => {
    await using asking = await gateThatAsks();
    const id = await asking.ask();
    await asking.decide("clerk:ann", id, "approve");
    expect((await asking.decide("clerk:ann", id, "approve")).approval.decisions).toHaveLength(1);
    expect((await asking.decide("clerk:ann", id, "deny")).code).toBe("not_to_decide");
  });
});

describe("an approval of another person", () => {
  it("[W3] is not given by whom it is for, under any key, but by somebody with approvals:decide (SECURITY 18)", async () => {
    await using asking = await gateThatAsks("operator");
    const id = await asking.ask();
    // Without a notifier nobody is told, and whoever asks is not told otherwise.
    const { error } = await asking.gate.as(AGENT).call("create_booking", { guest: "Ben", idempotency_key: "other" });
    expect(error?.next).toContain("Tell the user to ask the people who run this");
    for (const who of ["clerk:ann", "ann"]) {
      expect((await asking.decide(who, id, "approve")).code).toBe("not_to_decide");
    }
    expect((await asking.decide("clerk:bob", id, "approve")).code).toBe("unknown_approval");
    expect((await asking.decide("bob", id, "approve")).approval).toMatchObject({
      state: "approved",
      decisions: [{ by: "person:bob", as: "operator" }],
    });
  });

  it("[W3] needs two different people where two are asked for, also at the same moment", async () => {
    await using asking = await gateThatAsks("two");
    const first = await asking.ask("first");
    expect((await asking.decide("bob", first, "approve")).approval.state).toBe("awaiting");
    expect((await asking.decide("bob", first, { decision: "approve", note: "again" })).code).toBe("not_to_decide");
    expect((await asking.decide("ann", first, "approve")).code).toBe("not_to_decide");
    expect((await asking.decide("cat", first, "approve")).approval.state).toBe("approved");
    const second = await asking.ask("second");
    await Promise.all(["bob", "cat"].map((who) => asking.decide(who, second, "approve")));
    const { structured } = await callAs(asking.gate, "bob", ["get_approval", { approval_id: second }]);
    expect(structured).toMatchObject({ state: "approved", decisions: [{}, {}] });
  });

  it("[W3] that is approved and denied at the same moment has one outcome (SECURITY 18)", async () => {
    await using asking = await gateThatAsks("operator");
    for (let round = 0; round < 10; round += 1) {
      const id = await asking.ask(`k${round}`);
      const said = await Promise.all([asking.decide("bob", id, "approve"), asking.decide("cat", id, "deny")]);
      expect(said.map(({ code }) => code).filter((code) => code === "not_to_decide")).toHaveLength(1);
      const { structured } = await callAs(asking.gate, "bob", ["get_approval", { approval_id: id }]);
      expect(structured).toMatchObject({ decisions: [{}], state: expect.stringMatching(/^(approved|denied)$/) });
    }
  });
});

describe("approvals of tenants", () => {
  it("[W3] do not exist for people of another one, whatever their name and scopes (SECURITY 17, 19)", async () => {
    const authenticate = ({ bearer }: { bearer: string | undefined }): Identity | undefined => {
      if (bearer === undefined) return undefined;
      const [kind, user = "", tenant = ""] = bearer.split(":");
      const whose = { user, role: "all", ...(tenant !== "" && { tenant }) };
      return kind === "agent" ? { kind, agent: "helper", ...whose } : { kind: "person", ...whose };
    };
    const callers = { authenticate: [authenticate], roles: { all: { scopes: ["*"] } } };
    await using asking = await gateThatAsks("owner", { config: { callers } });
    const { gate } = asking;
    const asked = await gate.as("agent:ann:north").call("create_booking", { guest: "Ann", idempotency_key: "k" });
    expect(asked.code).toBe("approval_pending");
    const [waiting] = await listed(gate, "person:ann:north");
    const approval_id = waiting?.approval_id ?? "";
    expect(approval_id).not.toBe("");
    for (const who of ["person:ann:south", "person:bob:south"]) {
      expect((await asking.decide(who, approval_id, "approve")).code).toBe("unknown_approval");
    }
    // Somebody of the same name who belongs to no tenant is not known to be the same person, nor to be another one.
    expect((await asking.decide("person:ann", approval_id, "approve")).code).toBe("unknown_approval");
    expect((await asking.decide("person:ann:north", approval_id, "approve")).approval.state).toBe("approved");
  });
});
