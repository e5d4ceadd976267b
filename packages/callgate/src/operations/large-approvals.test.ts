import { expect, it } from "vitest";
import { bookingDomain } from "../gate/testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import { approvalsDomain } from "./approvals.ts";

type Plan = { preview: { action: string; guest: string; price: number }; guest: string; quoteId: string };

/** A gate whose bookings wait for their owner; a plan that says less shows no more than the guest's first letters. */
function open(says: "all" | "less"): Promise<TestGate> {
  const bookings = bookingDomain({ approval: "owner" });
  const less = ({ guest }: { guest: string }): Plan => {
    return { preview: { action: "create_booking", guest: guest.slice(0, 9), price: 1 }, guest, quoteId: "q" };
  };
  const declared = says === "all" ? bookings : bookingDomain({ approval: "owner", plan: less });
  return openTestGate([declared.domain], { domainsOf: (insides) => [approvalsDomain(insides)] });
}

async function asked(gate: TestGate): Promise<LedgerRow> {
  return (await gate.gate.store.ledger.find("agent:ann-agent@ann", "create_booking", "k")) as LedgerRow;
}

const booking = (letters: number) => ({ guest: "x".repeat(letters), idempotency_key: "k" });
const pages = { endpoint: "approvals" };

it("[W3] whoever decides is shown all of a large preview, and told what their word came to", async () => {
  await using gate = await open("all");
  expect((await gate.as("agent:ann").call("create_booking", booking(100_000))).code).toBe("approval_pending");
  const approval_id = (await asked(gate)).approval?.id;
  const shown = await gate.as("ann").call("get_approval", { approval_id }, pages);
  expect(shown.structured).toMatchObject({ preview: { guest: "x".repeat(100_000) }, arguments: { truncated: true } });
  const decided = await gate.as("ann").call("decide_approval", { approval_id, decision: "approve" }, pages);
  expect(decided.structured).toMatchObject({ state: "approved" });
});

it("[W3] nobody is asked to agree to what cannot be shown, and nothing is done", async () => {
  await using gate = await open("all");
  const { error } = await gate.as("agent:ann").call("create_booking", booking(140_000));
  expect(error).toMatchObject({ code: "approval_unavailable", message: expect.stringContaining("131072 bytes") });
  expect(await asked(gate)).toMatchObject({ state: "released" });
});

it("keeps of a request no more than is shown, however long its arguments and the name of the client", async () => {
  await using gate = await open("less");
  const agent = gate.as("agent:ann");
  const exchange = agent.exchange("tools/call", { name: "create_booking", arguments: booking(900_000) });
  const meta = { ...exchange.meta, clientInfo: { name: "c".repeat(500_000), version: "1" } };
  await gate.gate.host.handle({ ...exchange, meta });
  const { approval, sealedRequest } = await asked(gate);
  expect(sealedRequest?.length).toBeLessThan(100_000);
  const shown = await gate.as("ann").call("get_approval", { approval_id: approval?.id }, pages);
  expect(shown.structured).toMatchObject({
    preview: { guest: "xxxxxxxxx" },
    arguments: { truncated: true, head: expect.stringContaining("xxx") },
    client: expect.stringMatching(/^c{200}… \(\d+ more\)$/),
  });
});
