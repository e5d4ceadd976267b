import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { postgres } from "../store/postgres/postgres.ts";
import { describeWithPostgres, usePostgres } from "../store/postgres/testing/use-postgres.ts";
import { type LampGate, useLampGates } from "./testing/lamp-gate.ts";
import { expectAbsent, listed, namesOf, smoke, stateOf } from "./testing/lamp-questions.ts";
import { call, team } from "./testing/operated-gate.ts";

const open = useLampGates();

describe("a domain", () => {
  it("[W5] is born read-only, and its write tools are switched on one at a time once it is proven", async () => {
    const gate = await open();
    const key = await gate.keyFor(team);
    const client = await gate.connect(key);
    expect(await namesOf(client)).toEqual(["count_lamps"]);
    await expectAbsent(gate, key, "switch_lamp");
    expect(await gate.operate("graduate_tool", { tool: "switch_lamp" })).toMatchObject({ code: "smoke_needed" });

    expect(await smoke(gate)).toMatchObject({ passed: true, by: "person:olga", gate_version: "2.1.0" });
    expect(await listed(gate, key)).toEqual(["count_lamps"]);
    const on = { tool: "switch_lamp", on: true, by: "person:olga" };
    expect(await gate.operate("graduate_tool", { tool: "switch_lamp" })).toMatchObject(on);
    expect(await listed(gate, key)).toEqual(["count_lamps", "switch_lamp"]);
    expect(await call(client, "switch_lamp", { number: 1 })).toEqual({ lit: 1 });
    expect(await call(client, "count_lamps", {})).toEqual({ lamps: 2, lit: 1 });
    await expectAbsent(gate, key, "remove_lamp");
  });

  it("[W5] opens its backend with the write credential for a tool that is switched on, and not before", async () => {
    const gate = await open();
    await smoke(gate);
    expect(gate.started).toEqual(["read"]);
    await gate.operate("graduate_tool", { tool: "switch_lamp" });
    expect(gate.started).toEqual(["read", "write"]);
    await gate.operate("graduate_tool", { tool: "remove_lamp" });
    expect(gate.started).toEqual(["read", "write"]);
    const again = await open();
    expect(again.started).toEqual(["read", "write"]);
    expect(await stateOf(again)).toMatchObject({ write_tools: [{ on: true }, { on: true }] });
  });

  it("[W5] gets its tools back as they were when it is opened again, and by no other gate's doing but a person's", async () => {
    const gate = await open();
    await smoke(gate);
    await gate.operate("graduate_tool", { tool: "remove_lamp" });
    await gate.operate("withdraw_tool", { tool: "remove_lamp" });
    await gate.close();
    const again = await open();
    expect((await stateOf(again)).write_tools).toEqual([
      expect.objectContaining({ tool: "switch_lamp", on: false, why: "nobody has switched it on" }),
      expect.objectContaining({
        tool: "remove_lamp",
        on: false,
        why: expect.stringMatching(/^person:olga switched it off/),
      }),
    ]);
  });
});

describe("the write credential", () => {
  it("[W5] that does not work takes the writes alone down, and they are served once it does", async () => {
    let isBroken = true;
    const gate = await open({
      onStartForWrites: () => {
        if (isBroken) throw new Error("no such account");
      },
    });
    await smoke(gate);
    expect(await gate.operate("graduate_tool", { tool: "switch_lamp" })).toMatchObject({ on: true });
    expect(await gate.gate.problems()).toEqual({ lamps: "no such account" });
    expect(await gate.operate("switch_lamp", { number: 1, idempotency_key: "lamp-1" })).toMatchObject({
      code: "backend_down",
    });
    expect(await gate.operate("count_lamps")).toEqual({ lamps: 2, lit: 0 });
    isBroken = false;
    expect(await gate.gate.problems()).toEqual({});
    expect(await gate.operate("switch_lamp", { number: 1, idempotency_key: "lamp-1" })).toEqual({ lit: 1 });
  });

  it("[W5] is not used for a tool that was switched off while its call was under way", async () => {
    const gate: LampGate = await open({ onPlan: () => gate.operate("withdraw_tool", { tool: "switch_lamp" }) });
    await smoke(gate);
    await gate.operate("graduate_tool", { tool: "switch_lamp" });
    const refused = await gate.operate("switch_lamp", { number: 1 });
    expect(refused).toMatchObject({
      code: "unknown_tool",
      message: expect.stringContaining("before anything was done"),
    });
    expect(await gate.operate("count_lamps")).toEqual({ lamps: 2, lit: 0 });
    const { writes } = await gate.operate("list_writes", { tool: "switch_lamp" });
    expect(writes).toMatchObject([{ state: "released" }]);
  });
});

describe("a tool that is switched on", () => {
  it("[W5] is withdrawn when its contract changes, which list_domains says, until it is switched on anew", async () => {
    const before = await open();
    await smoke(before);
    for (const tool of ["switch_lamp", "remove_lamp"]) await before.operate("graduate_tool", { tool });
    const after = await open({ withColour: true });
    const key = await after.keyFor(team);
    expect(await listed(after, key)).toEqual(["count_lamps", "remove_lamp"]);
    const [changed] = (await stateOf(after)).write_tools;
    expect(changed).toMatchObject({
      on: false,
      why: expect.stringMatching(/^its contract has changed since person:olga switched it on/),
      next: "callgate smoke lamps",
    });
    expect(await after.operate("graduate_tool", { tool: "switch_lamp" })).toMatchObject({ code: "smoke_needed" });
    await smoke(after);
    await after.operate("graduate_tool", { tool: "switch_lamp" });
    expect(await listed(after, key)).toEqual(["count_lamps", "switch_lamp", "remove_lamp"]);
    // The version before is still served, by replicas that are not replaced yet.
    expect(await listed(before, key)).toEqual(["count_lamps", "switch_lamp", "remove_lamp"]);
  });
});

/** What holds for gates on one store, whichever it is. */
function describeReplicas(open: ReturnType<typeof useLampGates>): void {
  it("[W5] is there on every replica within a second, whose clients hear of it, and gone from all as soon", async () => {
    const [here, there] = [await open(), await open()];
    const client = await there.connect(await there.keyFor(team));
    let told = 0;
    client.setNotificationHandler("notifications/tools/list_changed", () => void (told += 1));
    await client.listen({ toolsListChanged: true });
    expect(await namesOf(client)).toEqual(["count_lamps"]);
    await smoke(here);
    await here.operate("graduate_tool", { tool: "switch_lamp" });
    await expect.poll(() => told).toBeGreaterThan(0);
    expect(await call(client, "switch_lamp", { number: 2 })).toEqual({ lit: 1 });
    const before = told;
    await here.operate("withdraw_tool", { tool: "switch_lamp" });
    await expect.poll(() => told).toBeGreaterThan(before);
    expect(await namesOf(client)).toEqual(["count_lamps"]);
  });
}

describe("a tool that is switched on", () => {
  describeReplicas(open);
});

describeWithPostgres("a tool that is switched on, on PostgreSQL,", () => {
  const used = usePostgres({ fsync: false });
  describeReplicas(
    useLampGates((folder) =>
      postgres(used.server.urlOf("postgres"), { schema: basename(folder).toLowerCase(), folder }),
    ),
  );
});

describe("who switches a tool on", () => {
  it("[W5] is a person: an agent that has every right to does not even see how, and may only take away", async () => {
    const gate = await open();
    await smoke(gate);
    const agent = { kind: "agent", name: "helper", user: "tom", role: "team", scopes: ["domains:*", "lamps:*"] };
    const key = await gate.keyFor(agent);
    const client = await gate.connect(key);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["list_domains", "run_smoke", "withdraw_tool"]));
    expect(names).not.toContain("graduate_tool");
    await expectAbsent(gate, key, "graduate_tool");
    const tom = await gate.connect(await gate.keyFor(team));
    expect(await call(tom, "graduate_tool", { tool: "switch_lamp" })).toMatchObject({ on: true, by: "person:tom" });
    expect(await call(client, "withdraw_tool", { tool: "switch_lamp" })).toMatchObject({ on: false });
  });

  it("[W5] is nobody of one tenant, for it is done to all of them", async () => {
    const gate = await open();
    await smoke(gate);
    const client = await gate.connect(await gate.keyFor({ ...team, tenant: "acme" }));
    for (const name of ["graduate_tool", "withdraw_tool"])
      expect(await call(client, name, { tool: "switch_lamp" })).toMatchObject({ code: "not_allowed" });
    expect(await call(client, "run_smoke", { domain: "lamps" })).toMatchObject({ code: "not_allowed" });
  });

  it("[W5] commits to the contract and the proof that the preview has shown", async () => {
    const gate = await open();
    await smoke(gate);
    const { preview, preview_hash } = await gate.operate("graduate_tool", { tool: "switch_lamp", dry_run: true });
    expect(preview).toMatchObject({
      tool: "switch_lamp",
      contract: { input: { properties: { number: {} } } },
      proof: { passed: true, checks: [{}, {}, {}] },
    });
    await smoke(gate);
    const late = await gate.operate("graduate_tool", { tool: "switch_lamp", preview_hash });
    expect(late).toMatchObject({ code: "preview_changed" });
  });
});
