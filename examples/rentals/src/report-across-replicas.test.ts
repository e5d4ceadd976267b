import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  describeWithPostgres,
  usePostgres,
} from "../../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import {
  envelope,
  modernMessage,
  sendModern,
} from "../../../packages/callgate/src/transports/testing/modern-request.ts";
import { call } from "./demo/connect.ts";
import type { Started } from "./testing/checkout.ts";
import { Replicas } from "./testing/replicas.ts";

const START = "node examples/rentals/src/start.ts";
/** Would take hours. */
const REPORT = { from: "2025-01", until: "2027-12", simulations: 1_000_000 };
const TASKS = "io.modelcontextprotocol/tasks";

interface Task {
  readonly task_id: string;
  readonly status: string;
  readonly cost?: Readonly<Record<string, number>>;
}

/** The official client, as the front desk. */
async function connect({ url, keys }: Started): Promise<Client> {
  const requestInit = { headers: { authorization: `Bearer ${keys["frontdesk"]}` } };
  const client = new Client({ name: "desk", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  return client;
}

/** A request of a client that knows tasks. */
async function ask({ url, keys }: Started, method: string, params: Record<string, unknown>): Promise<unknown> {
  const meta = {
    ...envelope,
    "io.modelcontextprotocol/clientCapabilities": { extensions: { [TASKS]: {} } },
  };
  const { json } = await sendModern(`${url}/mcp`, modernMessage(method, { ...params, _meta: meta }), {
    authorization: `Bearer ${keys["frontdesk"]}`,
    "mcp-name": String(params["name"] ?? params["taskId"]),
  });
  return json.result ?? json.error;
}

describeWithPostgres("a report that one replica builds", () => {
  const postgres = usePostgres({ fsync: false });
  let replicas: Replicas;
  beforeAll(async () => {
    replicas = await Replicas.start([START, START, START], await postgres.newDatabase());
  }, 120_000);
  afterAll(() => replicas?.end(), 60_000);

  /** The queries of reports that run in the database now. */
  const running = (): Promise<readonly unknown[]> =>
    postgres.server.query(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'rentals' AND state = 'active' AND query LIKE '%runs%'",
    );

  it("ends in the database within two seconds when it is cancelled through another", { timeout: 90_000 }, async () => {
    const [here, there, elsewhere] = await Promise.all(replicas.all.map(connect));
    if (here === undefined || there === undefined || elsewhere === undefined) throw new Error("three were started");
    // Not a client that knows tasks: it waits for a while, and is told of the task.
    const { task: begun } = await call<{ task: Task }>(here, "build_occupancy_report", REPORT);
    expect(begun).toMatchObject({ task_id: expect.any(String), status: "working" });
    await expect.poll(running).toHaveLength(1);
    await call(there, "cancel_task", { task_id: begun.task_id });
    await expect.poll(running, { timeout: 2_000 }).toEqual([]);
    const task = (): Promise<Task> => call<Task>(elsewhere, "get_task", { task_id: begun.task_id });
    await expect.poll(async () => (await task()).status).toBe("cancelled");
    expect((await task()).cost).toMatchObject({
      queries: expect.any(Number),
      rows: expect.any(Number),
      database_ms: expect.any(Number),
    });
    await Promise.all([here, there, elsewhere].map((client) => client.close()));
  });

  it("ends in the same way by tasks/cancel", { timeout: 60_000 }, async () => {
    const begun = await ask(replicas.at(0), "tools/call", { name: "build_occupancy_report", arguments: REPORT });
    expect(begun).toMatchObject({ resultType: "task", status: "working" });
    const { taskId } = begun as { taskId: string };
    await expect.poll(running).toHaveLength(1);
    await ask(replicas.at(1), "tasks/cancel", { taskId });
    await expect.poll(running, { timeout: 2_000 }).toEqual([]);
    await expect.poll(() => ask(replicas.at(2), "tasks/get", { taskId })).toMatchObject({ status: "cancelled" });
  });

  it("is there for the others once it is done", { timeout: 60_000 }, async () => {
    const [here, there] = await Promise.all([connect(replicas.at(0)), connect(replicas.at(1))]);
    const small = { from: "2027-01", until: "2027-02", simulations: 20 };
    const report = await call<{ months: readonly object[] }>(here, "build_occupancy_report", small);
    expect(report.months).toHaveLength(2);
    const { tasks } = await call<{ tasks: readonly Task[] }>(there, "list_tasks", { limit: 1 });
    const found = await call(there, "get_task", { task_id: tasks[0]?.task_id });
    expect(found).toMatchObject({ status: "completed", result: report });
    await Promise.all([here.close(), there.close()]);
  });
});
