import { randomUUID } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import type { HeardSignal, Signal } from "../../signals-port.ts";
import { type PostgresAddress, readAddress } from "../database/address.ts";
import { Connections } from "../database/connections.ts";
import { describeWithPostgres, usePostgres } from "../testing/use-postgres.ts";
import { PostgresSignals } from "./signal-store.ts";

const keysChanged: Signal = { topic: "keys-changed" };
const MISSED: HeardSignal = { topic: "missed" };

describeWithPostgres("signals over PostgreSQL", () => {
  const used = usePostgres({ fsync: false });
  const toClose: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0)) await close();
  });

  async function open(address: PostgresAddress, schema = "callgate", name = "test"): Promise<PostgresSignals> {
    const options = { address, schema: "public", max: 2, statementMs: 5_000, applicationName: name };
    const writing = await Connections.open(options);
    const signals = await PostgresSignals.open({ address, schema, writing, applicationName: name });
    toClose.push(async () => {
      await signals.close();
      await writing.close();
    });
    return signals;
  }

  function listenTo(signals: PostgresSignals): HeardSignal[] {
    const heard: HeardSignal[] = [];
    signals.subscribe((each) => void heard.push(each));
    return heard;
  }

  it("goes to the gates of the same schema, and to no others of the database", async () => {
    const address = readAddress(await used.newDatabase());
    const long = `a "long" name ${"é".repeat(40)}`;
    const [here, there, elsewhere] = [await open(address, long), await open(address, long), await open(address)];
    const [heardThere, heardElsewhere] = [listenTo(there), listenTo(elsewhere)];
    here.publish(keysChanged);
    await expect.poll(() => heardThere).toEqual([keysChanged]);
    (await open(address)).publish({ topic: "graduation-changed", domain: "stays" });
    await expect.poll(() => heardElsewhere).toEqual([{ topic: "graduation-changed", domain: "stays" }]);
  });

  it("listens again after its connection was ended, and says that something may be missing", async () => {
    const address = readAddress(await used.newDatabase());
    const name = `listener-${randomUUID().slice(0, 8)}`;
    const [here, there] = [await open(address), await open(address, "callgate", name)];
    const heard = listenTo(there);
    await used.server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [
      name,
    ]);
    await expect.poll(() => heard, { timeout: 30_000 }).toEqual([MISSED]);
    here.publish(keysChanged);
    await expect.poll(() => heard).toEqual([MISSED, keysChanged]);
  });

  it("outlives a restart of the server: every gate looks again, and then hears as before (B6)", async () => {
    const address = readAddress(await used.newDatabase());
    const [here, there] = [await open(address), await open(address)];
    const heard = [listenTo(here), listenTo(there)];
    await used.server.kill();
    here.publish(keysChanged);
    await used.server.start();
    for (const each of heard) await expect.poll(() => each, { timeout: 20_000 }).toContainEqual(MISSED);
    there.publish({ topic: "graduation-changed", domain: "stays" });
    await expect.poll(() => heard[0]).toContainEqual({ topic: "graduation-changed", domain: "stays" });
  });

  it("says what is wrong where nobody answers", async () => {
    const address = readAddress("postgres://ann:secret@127.0.0.1:1/none");
    const opening = open(address);
    await expect(opening).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(opening).rejects.not.toThrow("secret");
  });
});
