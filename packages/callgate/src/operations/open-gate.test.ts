import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import type { ApprovalSummary } from "../approvals/approval-view.ts";
import { bookingDomain } from "../gate/testing/booking-domain.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { createMemoryTransport } from "../transports/memory.ts";
import { openGate } from "./open-gate.ts";

describe("a policy that demands approval of everything", () => {
  it("[W3] is not asked of the decisions themselves: else nobody's word would count before another one's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "callgate-policy-"));
    const asked: string[] = [];
    const bookings = bookingDomain();
    const gate = await openGate(
      {
        name: "test",
        domains: [bookings.domain],
        graduation: "off",
        callers: {},
        store: sqlite(join(folder, "gate.db")),
        approvals: {
          policy: ({ domain }) => {
            asked.push(domain);
            return "owner";
          },
        },
      },
      { localOperator: "olga" },
    );
    const connect = async (endpoint?: string): Promise<Client> => {
      const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
      await client.connect(createMemoryTransport({ host: gate.host, ...(endpoint !== undefined && { endpoint }) }));
      return client;
    };
    const [olga, deciding] = [await connect(), await connect("approvals")];
    const book = { name: "create_booking", arguments: { guest: "Ann", idempotency_key: "k" } };
    const { _meta } = await olga.callTool(book);
    expect(_meta?.["io.callgate/error"]).toMatchObject({ code: "approval_pending" });
    const { structuredContent } = await deciding.callTool({ name: "list_approvals", arguments: {} });
    const [{ approval_id } = { approval_id: "" }] = (structuredContent as { approvals: ApprovalSummary[] }).approvals;
    const decided = await deciding.callTool({
      name: "decide_approval",
      arguments: { approval_id, decision: "approve" },
    });
    expect(decided.structuredContent).toMatchObject({ state: "approved" });
    expect((await olga.callTool(book)).structuredContent).toMatchObject({ guest: "Ann" });
    expect(new Set(asked)).toEqual(new Set(["bookings"]));
    await gate.close();
    await rm(folder, { recursive: true });
  });
});
