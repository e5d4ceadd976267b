import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { webhook } from "../approvals/notify/webhook.ts";
import { env } from "../define/secret.ts";
import { bookingDomain } from "../gate/testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { approvalsDomain } from "./approvals.ts";

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let server: Server;
let told: Told[];
let unsigned: number;
let gate: TestGate;
const KEY = "a secret of more than 24 bytes";

function isSigned(headers: IncomingHttpHeaders, body: string): boolean {
  const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
  return headers["webhook-signature"] === `v1,${createHmac("sha256", KEY).update(signed).digest("base64")}`;
}

beforeEach(async () => {
  told = [];
  unsigned = 0;
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (!isSigned(request.headers, body)) unsigned += 1;
      told.push(JSON.parse(body) as Told);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env["HOOK_SECRET"] = KEY;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  gate = await openTestGate([bookingDomain({ approval: "operator" }).domain], {
    domainsOf: (insides) => [approvalsDomain(insides)],
    config: {
      server: { publicUrl: "https://gate.example.com" },
      approvals: { notify: [webhook({ url, secret: env("HOOK_SECRET") })] },
    },
  });
});
afterEach(async () => {
  await gate.close();
  delete process.env["HOOK_SECRET"];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("the notices of approvals", () => {
  it("[W3] tell of a request, of each word on it and of its withdrawal, and never what it was called with", async () => {
    const call = { guest: "Ann Confidential", idempotency_key: "k", reason: "she asked me to" };
    const { code, error } = await gate.as("agent:ann").call("create_booking", call);
    expect([code, error?.next]).toEqual(["approval_pending", expect.stringContaining("have been asked")]);
    await vi.waitFor(() => expect(told).toHaveLength(1), 10_000);
    const approval_id = String(told[0]?.data["approval_id"]);
    expect(told[0]).toMatchObject({
      type: "approval.requested",
      data: {
        approval_id: expect.stringMatching(/^apr_[0-9a-f]{32}$/),
        link: `https://gate.example.com/approvals/${approval_id}`,
        tool: "create_booking",
        domain: "bookings",
        level: "operator",
        asked_by: "agent:ann-agent@ann",
        for_user: "ann",
        reason: "she asked me to",
        state: "awaiting",
      },
    });
    const at = { endpoint: "approvals" };
    await gate.as("bob").call("decide_approval", { approval_id, decision: "approve", note: "fine" }, at);
    await vi.waitFor(() => expect(told).toHaveLength(2), 10_000);
    expect(told[1]).toMatchObject({ type: "approval.decided", data: { approval_id, state: "approved" } });
    await gate.as("ann").call("withdraw_approval", { approval_id }, at);
    await vi.waitFor(() => expect(told).toHaveLength(3), 10_000);
    expect(told[2]).toMatchObject({ type: "approval.withdrawn", data: { approval_id, state: "withdrawn" } });
    expect(JSON.stringify(told)).not.toContain("Confidential");
    expect(unsigned).toBe(0);
  });
});
