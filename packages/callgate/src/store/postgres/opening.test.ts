import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { env } from "../../define/secret.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import type { Store } from "../port.ts";
import { storeFromEnvironment } from "../store-from-environment.ts";
import { readAddress } from "./database/address.ts";
import { Connections } from "./database/connections.ts";
import { postgres } from "./postgres.ts";
import { describeWithPostgres, usePostgres } from "./testing/use-postgres.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describeWithPostgres("a store in PostgreSQL opens", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  let url: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-pg-open-"));
    url = await used.newDatabase();
  });
  afterEach(() => {
    delete process.env["DATABASE_URL"];
    rmSync(folder, { recursive: true });
  });
  const inDatabase = async (...statements: readonly string[]): Promise<readonly (readonly unknown[])[]> => {
    const options = { schema: "callgate", max: 1, statementMs: 10_000, applicationName: "test" };
    const connections = await Connections.open({ address: readAddress(url), ...options });
    try {
      let rows: readonly (readonly unknown[])[] = [];
      for (const text of statements) rows = await connections.run({ text });
      return rows;
    } finally {
      await connections.close();
    }
  };
  const opening = (address: string): Promise<Store> => postgres(address, { folder }).open(storeOptions);

  it("with its tables made once, however many gates start at the same time", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => opening(url)));
    await Promise.all(stores.map((store) => store.health(AbortSignal.timeout(5_000))));
    await Promise.all(stores.map((store) => store.close()));
    const [[steps] = []] = await inDatabase("SELECT count(*) FROM schema_steps");
    expect(steps).toBeGreaterThan(3);
    const twice = await inDatabase("SELECT subject FROM schema_steps GROUP BY subject, step HAVING count(*) > 1");
    expect(twice).toEqual([]);
  });

  it.each([
    ["another step", "INSERT INTO schema_steps VALUES ('keys', 99, 'x')"],
    ["a subject that is not known", "INSERT INTO schema_steps VALUES ('dreams', 1, 'x')"],
    ["a step with other words", "UPDATE schema_steps SET hash = 'x' WHERE subject = 'keys'"],
  ])("not where the schema is of another version: %s", async (_, change) => {
    await (await opening(url)).close();
    await inDatabase(change);
    await expect(opening(url)).rejects.toMatchObject({ code: "store_newer" });
  });

  it("not with another password, and says so without either of them", async () => {
    const wrong = url.replace(/:[^:@/]+@/, ":not-the-password@");
    const refused = opening(wrong);
    await expect(refused).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(refused).rejects.toThrow("refused the password of the user callgate");
    await expect(refused).rejects.not.toThrow("not-the-password");
  });

  it("not in a database that is not there, and names the way out", async () => {
    await expect(opening(used.server.urlOf("nowhere"))).rejects.toThrow(
      "has no database nowhere: make it with createdb",
    );
  });

  it("not where nothing listens, and asks whether it runs", async () => {
    await expect(opening("postgres://ann:secret@127.0.0.1:1/none")).rejects.toThrow(
      "PostgreSQL at 127.0.0.1:1/none does not answer (ECONNREFUSED): is it running there?",
    );
  });

  it.each(["mysql://ann:secret@host/none", "secret", "postgres://ann:sec ret@ho st/x"])(
    "not at what is no address of PostgreSQL, which it does not repeat: %s",
    async (address) => {
      const refused = opening(address);
      await expect(refused).rejects.toThrow("is not one of PostgreSQL: postgres://user:password@host:5432/database");
      await expect(refused).rejects.not.toThrow(/secret|sec ret/);
    },
  );

  it("not for a user who may not make the schema, until its owner has made it for them", async () => {
    await inDatabase("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN PASSWORD 'guest'");
    const asGuest = url.replace(/\/\/[^@]+@/, "//guest:guest@");
    await expect(opening(asGuest)).rejects.toThrow('run CREATE SCHEMA "callgate" AUTHORIZATION guest');
    await inDatabase("CREATE SCHEMA callgate AUTHORIZATION guest");
    const store = await opening(asGuest);
    await expect(store.health(AbortSignal.timeout(5_000))).resolves.toBeUndefined();
    await store.close();
    await inDatabase("DROP OWNED BY guest", "DROP ROLE guest");
  });

  it("not where a user has a connection too few, and then leaves nothing that goes on", async () => {
    await inDatabase("CREATE ROLE guest LOGIN PASSWORD 'guest' CONNECTION LIMIT 1");
    await inDatabase("CREATE SCHEMA callgate AUTHORIZATION guest");
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const refused = opening(url.replace(/\/\/[^@]+@/, "//guest:guest@"));
      await expect(refused).rejects.toThrow("has no connection left");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
    await inDatabase("DROP OWNED BY guest", "DROP ROLE guest");
  });

  it("not in a database that cannot hold every text", async () => {
    await used.server.query("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    await expect(opening(used.server.urlOf("latin"))).rejects.toThrow("encoding LATIN1: make it with UTF8");
  });

  it.each([
    ["off", "on"],
    ["remote_write", "remote_write"],
  ])("with commits that last, where the database says %s", async (said, kept) => {
    const name = new URL(url).pathname.slice(1);
    await used.server.query(`ALTER DATABASE "${name}" SET synchronous_commit TO ${said}`);
    expect(await inDatabase("SHOW synchronous_commit")).toEqual([[kept]]);
  });

  it("from the environment where DATABASE_URL is set, and as a file where it is not", async () => {
    const path = join(folder, "gate.db");
    expect(storeFromEnvironment(path)).toMatchObject({ kind: "sqlite", location: path, folder });
    process.env["DATABASE_URL"] = "";
    expect(storeFromEnvironment(path)).toMatchObject({ kind: "sqlite" });
    process.env["DATABASE_URL"] = url;
    const declared = storeFromEnvironment(path);
    expect(declared).toMatchObject({ kind: "postgres", folder });
    expect(declared.location).toBe(`PostgreSQL at 127.0.0.1:${used.server.port}/${new URL(url).pathname.slice(1)}`);
    await (await declared.open(storeOptions)).close();
  });

  it("by a reference that it names where there is nothing behind it", async () => {
    const declared = postgres(env("CALLGATE_NO_SUCH_ADDRESS"), { folder });
    expect(declared.location).toBe("PostgreSQL at the address in CALLGATE_NO_SUCH_ADDRESS");
    await expect(declared.open(storeOptions)).rejects.toThrow(
      "the environment variable CALLGATE_NO_SUCH_ADDRESS is not set",
    );
  });
});
