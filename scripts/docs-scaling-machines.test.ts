import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { connectOverHttp } from "../conformance/clients/official-client.ts";
import { Checkout } from "../examples/rentals/src/testing/checkout.ts";
import { describeWithPostgres, usePostgres } from "../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { freePort } from "../packages/callgate/src/testing/free-port.ts";
import { readCommands } from "./read-commands.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "operations", "scaling.md"), "utf8");

const CREATE_KEY = "npx callgate keys create --config examples/rentals/src/callgate.config.ts --role reader --json";

/** A machine: a checkout of its own, with nothing of another's. */
class Machine {
  readonly checkout: Checkout = new Checkout();
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
  #said = "";

  private constructor(DATABASE_URL: string, PORT: string) {
    this.environment = { DATABASE_URL, PORT };
    this.url = `http://127.0.0.1:${PORT}`;
  }

  static async make(databaseUrl: string): Promise<Machine> {
    return new Machine(databaseUrl, String(await freePort()));
  }

  get said(): string {
    return this.#said;
  }

  /** Runs the page's commands under these marks, in one terminal; gives what they print. */
  run(...marks: readonly string[]): Promise<string> {
    return this.checkout.run(
      marks.flatMap((mark) => readCommands(page, mark)),
      this.environment,
    );
  }

  /** Starts a gate as the page does, in the terminal where the commands under these marks were given; its exit code. */
  start(...marks: readonly string[]): Promise<number | null> {
    const exported = marks.flatMap((mark) => readCommands(page, mark)).filter((line) => line.startsWith("export "));
    const [start = ""] = readCommands(page, "start");
    const { child, ended } = this.checkout.spawn([...exported, start].join("\n"), this.environment);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: string) => {
        this.#said += text;
      });
    }
    return ended;
  }

  async isReady(): Promise<boolean> {
    return await fetch(`${this.url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

describeWithPostgres("gates on several machines, as docs/operations/scaling.md starts them", () => {
  const postgres = usePostgres({ fsync: false });
  const machines: Machine[] = [];
  afterAll(() => Promise.all(machines.map((machine) => machine.checkout.remove())), 60_000);

  it("serve one store with one ring: a key that is made on one is good on the other", {
    timeout: 120_000,
  }, async () => {
    const database = await postgres.newDatabase();
    machines.push(await Machine.make(database), await Machine.make(database));
    const [one, other] = machines;
    if (one === undefined || other === undefined) throw new Error("two were made");
    expect(await one.run("key-ring", "migrate")).toContain("audit");
    cpSync(join(one.checkout.folder, "keyring.json"), join(other.checkout.folder, "keyring.json"));
    for (const machine of [one, other]) void machine.start("key-ring");
    for (const machine of [one, other]) await expect.poll(() => machine.isReady(), { timeout: 60_000 }).toBe(true);
    const ring = readCommands(page, "key-ring").filter((line) => line.startsWith("export "));
    const made = JSON.parse(await one.checkout.run([...ring, `${CREATE_KEY} --name anna`], one.environment)) as {
      readonly secret: string;
    };
    const client = await connectOverHttp({ url: `${other.url}/mcp`, key: made.secret }, "auto");
    expect(await client.tools()).toContain("find_bookings");
    await client.close();
  });

  it("take over what a gate on SQLite has kept: its keys among it", { timeout: 120_000 }, async () => {
    const old = new Checkout();
    const key = await old.run([`${CREATE_KEY} --name ben`], {});
    const { secret } = JSON.parse(key) as { readonly secret: string };
    await old.run(readCommands(page, "export"), {});
    const machine = await Machine.make(await postgres.newDatabase());
    machines.push(machine);
    const { folder } = machine.checkout;
    cpSync(join(old.folder, "store.ndjson"), join(folder, "store.ndjson"));
    cpSync(join(old.folder, ".callgate/keyring.json"), join(folder, "keyring.json"));
    const ring = readCommands(page, "key-ring").filter((line) => line.startsWith("export "));
    await machine.checkout.run([...ring, ...readCommands(page, "import")], machine.environment);
    void machine.start("key-ring");
    await expect.poll(() => machine.isReady(), { timeout: 60_000 }).toBe(true);
    const client = await connectOverHttp({ url: `${machine.url}/mcp`, key: secret }, "auto");
    expect(await client.tools()).toContain("find_bookings");
    await client.close();
    await Promise.all([old.remove(), machine.checkout.remove()]);
  });

  it("do not start on the store with another ring, and say so", { timeout: 60_000 }, async () => {
    const [first] = machines;
    const stranger = await Machine.make(first?.environment["DATABASE_URL"] ?? "");
    machines.push(stranger);
    expect(await stranger.start()).toBe(4);
    expect(stranger.said).toContain("keyring.json");
  });
});
