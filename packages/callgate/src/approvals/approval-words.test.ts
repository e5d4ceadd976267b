import { expect, it } from "vitest";
import type { ApprovalView } from "./approval-view.ts";
import { nextWords } from "./approval-words.ts";

const expired: ApprovalView = {
  approval_id: "apr_1",
  tool: "refund_payment",
  domain: "payments",
  level: "operator",
  state: "expired",
  asked_by: "agent:desk@ann",
  requested_at: "2026-11-01T09:00:00.000Z",
  expires_at: "2026-11-01T10:00:00.000Z",
  you_may: [],
  effect: "destructive",
  because: [],
  preview: {},
  plan_hash: "p",
  contract_hash: "c",
  write_id: "write_1",
  call_id: "call_1",
  decisions: [],
};

it("says of a request that ended by itself whether somebody had agreed to it", () => {
  expect(nextWords(expired)).toMatch(/^Nobody decided in time\. Nothing was done/);
  const agreed = { verdict: "approve", by: "person:bea", as: "operator", at: "2026-11-01T09:30:00.000Z" } as const;
  expect(nextWords({ ...expired, decisions: [agreed] })).toMatch(/^Its time was over before it was used\. Nothing was/);
});
