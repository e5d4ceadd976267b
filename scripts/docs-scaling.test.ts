import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ToolOutcome } from "../conformance/clients/client-under-test.ts";
import { connectOverHttp } from "../conformance/clients/official-client.ts";
import type { Started } from "../examples/rentals/src/testing/checkout.ts";
import { Replicas } from "../examples/rentals/src/testing/replicas.ts";
import { describeWithPostgres, usePostgres } from "../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { readCommands } from "./read-commands.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "operations", "scaling.md"), "utf8");

type Client = Awaited<ReturnType<typeof connectOverHttp>>;

const STAY = { property_id: "prop_0001", guest_id: "guest_00042", start: "2029-03-05", end: "2029-03-10", guests: 1 };

function connect({ url }: Started, key: string | undefined, endpoint = ""): Promise<Client> {
  return connectOverHttp({ url: `${url}/mcp${endpoint}`, key: key ?? "" }, "auto");
}

/** The names of the tools that a key sees there, or why it sees none. */
async function seen(replica: Started, key: string): Promise<string> {
  try {
    const client = await connect(replica, key);
    const names = await client.tools();
    await client.close();
    return names.join(" ");
  } catch (error) {
    return String(error);
  }
}

describeWithPostgres("three replicas on one machine, as docs/operations/scaling.md starts them", () => {
  const postgres = usePostgres({ fsync: false });
  let replicas: Replicas;
  beforeAll(async () => {
    const [, ...starts] = readCommands(page, "three-replicas");
    replicas = await Replicas.start(starts, await postgres.newDatabase());
  }, 120_000);
  afterAll(() => replicas?.end(), 60_000);

  it("are three, on the database that the page exports", () => {
    const [exported, ...starts] = readCommands(page, "three-replicas");
    expect(exported).toMatch(/^export DATABASE_URL=postgres:\/\/\S+$/);
    expect(starts).toHaveLength(3);
  });

  it("are one business, made once: the same keys, and whoever came first switched the write tools on", () => {
    const keys = replicas.all.map((each) => each.keys);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(new Set(replicas.all.map(({ url }) => url)).size).toBe(3);
    for (const { said } of replicas.all) {
      expect(said).toContain("the same booking: it landed once");
      expect(said).toMatch(/It is one replica of the business in 127\.0\.0\.1:\d+\/test_\d+:/);
      expect(said).not.toContain("postgres://");
    }
  });

  it("[W2] a write to one is seen and replayed by the others, and on record once", async () => {
    const clients = await Promise.all(replicas.all.map((each) => connect(each, each.keys["frontdesk"])));
    const book = (client: Client | undefined): Promise<ToolOutcome> | undefined =>
      client?.call("create_booking", { ...STAY, idempotency_key: "across-replicas" });
    const first = await book(clients[0]);
    expect(first).toMatchObject({ structured: { start: STAY.start } });
    const again = await book(clients[1]);
    expect(again?.structured).toEqual(first?.structured);
    expect(again?.text).toContain("nothing was done again");
    const { start, end, property_id } = STAY;
    const found = await clients[2]?.call("find_bookings", { property_id, start, end });
    expect(found).toMatchObject({ structured: { bookings: [{ property_id }] } });
    const operator = await connect(replicas.at(2), replicas.at(2).keys["operator"]);
    const audit = await operator.call("search_audit", { tool: "create_booking", text: "2029-03-05" });
    expect(audit).toMatchObject({ structured: { records: [{ outcome: "replayed" }, { outcome: "ok" }] } });
    await Promise.all([...clients, operator].map((client) => client.close()));
  });

  it("what an agent asks of one, its person allows on another, and it is done wherever the agent comes back", {
    timeout: 60_000,
  }, async () => {
    const operator = await connect(replicas.at(0), replicas.at(0).keys["operator"]);
    const made = await operator.call("create_key", { kind: "agent", name: "helper", user: "desk", role: "frontdesk" });
    const { secret } = (made as { structured: { secret: string } }).structured;
    await expect.poll(() => seen(replicas.at(2), secret)).toContain("cancel_booking");
    const desk = replicas.at(1).keys["frontdesk"];
    const [agent, person, decider, agentElsewhere] = await Promise.all([
      connect(replicas.at(0), secret),
      connect(replicas.at(1), desk),
      connect(replicas.at(1), desk, "/approvals"),
      connect(replicas.at(2), secret),
    ]);
    const { property_id, start, end } = STAY;
    const { structured } = await person.call("find_bookings", { property_id, start, end });
    const { bookings } = structured as { bookings: readonly { booking_id: string }[] };
    const asked = { booking_id: bookings[0]?.booking_id, cancellation_reason: "The guest is ill" };
    const pending = agent.call("cancel_booking", asked);
    const waiting = async (): Promise<readonly { approval_id: string }[]> => {
      const found = (await decider.call("list_approvals", {})).structured;
      return (found as { approvals: readonly { approval_id: string }[] }).approvals;
    };
    await expect.poll(waiting).toHaveLength(1);
    const [approval] = await waiting();
    await decider.call("decide_approval", { approval_id: approval?.approval_id, decision: "approve" });
    await pending;
    const done = await agentElsewhere.call("cancel_booking", asked);
    expect(done).toMatchObject({
      isError: false,
      structured: { booking_id: asked.booking_id, reason: "The guest is ill" },
    });
    await Promise.all([operator, agent, person, decider, agentElsewhere].map((client) => client.close()));
  });

  it("a key that is revoked on one is refused by the others", async () => {
    const operator = await connect(replicas.at(2), replicas.at(2).keys["operator"]);
    const made = await operator.call("create_key", { kind: "person", name: "leaver", role: "reader" });
    const { key, secret } = (made as { structured: { key: { id: string }; secret: string } }).structured;
    // The others hear of a change of keys within a tenth of a second.
    await expect.poll(() => seen(replicas.at(0), secret)).toContain("find_bookings");
    await operator.call("revoke_key", { key_id: key.id });
    await expect.poll(() => seen(replicas.at(0), secret)).toMatch(/HTTP 401/);
    await operator.close();
  });

  it("one that ends takes nothing with it", { timeout: 60_000 }, async () => {
    const gone = replicas.at(0);
    await gone.stop();
    await expect(fetch(`${gone.url}/health`)).rejects.toThrow();
    const client = await connect(replicas.at(1), gone.keys["frontdesk"]);
    const again = await client.call("create_booking", { ...STAY, idempotency_key: "across-replicas" });
    expect(again).toMatchObject({ structured: { start: STAY.start } });
    await client.close();
  });
});
