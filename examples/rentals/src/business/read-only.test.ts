import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import {
  describeWithPostgres,
  usePostgres,
} from "../../../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { readerOf, readerUrlOf } from "./database/reader-account.ts";
import { openBusiness } from "./open-business.ts";
import { describeOnBothEngines, freeRequest, openTemporaryBusiness } from "./temporary-business.ts";

const REFUSED = /attempt to write a readonly database|permission denied|read-only transaction/;

describeOnBothEngines((engine) => {
  test("what reads cannot write: the database itself refuses", async () => {
    await using business = await openTemporaryBusiness(engine);
    const { reader } = business;
    const request = await freeRequest(reader);
    await expect(reader.createBooking(request, { key: "k" })).rejects.toThrow(REFUSED);
    const contact = { guest_id: "guest_00042", email: "new@example.com" };
    await expect(reader.updateGuestContact(contact, { key: "k" })).rejects.toThrow(REFUSED);
    const cancellation = { booking_id: "book_009999", reason: "none" };
    await expect(reader.cancelBooking(cancellation, { key: "k" })).rejects.toThrow();
    await expect(reader.changeNothing()).rejects.toThrow(REFUSED);
    await expect(business.writer.changeNothing()).resolves.toBeUndefined();
    expect(await reader.bookingByKey("k")).toBeUndefined();
    expect(await reader.contactChangeByKey("k")).toBeUndefined();
  });
});

describeWithPostgres("the reading account of PostgreSQL", () => {
  const postgres = usePostgres({ fsync: false });
  let url: string;
  beforeAll(async () => {
    url = await postgres.newDatabase();
    await (await openBusiness({ at: { url }, access: "write" })).close();
  });

  test.for([
    "INSERT INTO rentals.counters VALUES ('mine', 1)",
    "UPDATE rentals.guests SET email = 'x@example.com'",
    "DELETE FROM rentals.payments",
    "TRUNCATE rentals.payments",
    "DROP TABLE rentals.payments",
    "CREATE TABLE rentals.mine (number int)",
    "ALTER ROLE CURRENT_USER CREATEROLE",
  ])("cannot be talked out of only reading: %s", async (statement) => {
    const client = new pg.Client({ connectionString: readerUrlOf(url) });
    await client.connect();
    await client.query("SET default_transaction_read_only = off");
    await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner|must be superuser/i);
    await expect(client.query("SET ROLE callgate")).rejects.toThrow("permission denied");
    await client.end();
  });

  test("has a password that PostgreSQL asks for, and that nobody keeps", async () => {
    const wrong = new URL(readerUrlOf(url));
    wrong.searchParams.set("password", "guessed");
    const client = new pg.Client({ connectionString: wrong.href });
    await expect(client.connect()).rejects.toThrow("password authentication failed");
    const { password = "" } = readerOf(url);
    const [kept] = await postgres.server.query("SELECT rolpassword FROM pg_authid WHERE rolname = $1", [
      readerOf(url).name,
    ]);
    expect(kept?.["rolpassword"]).toMatch(/^SCRAM-SHA-256\$/);
    expect(kept?.["rolpassword"]).not.toContain(password);
  });

  test("may be another one, made by whoever runs the server", async () => {
    const ofOthers = await postgres.newDatabase();
    await postgres.server.query("CREATE ROLE auditor LOGIN PASSWORD 'of its own'");
    const readUrl = Object.assign(new URL(ofOthers), { username: "auditor", password: "of its own" }).href;
    const at = { url: ofOthers, readUrl };
    const writer = await openBusiness({ at, access: "write" });
    const reader = await openBusiness({ at, access: "read" });
    expect(await reader.getGuest("guest_00042")).toEqual(await writer.getGuest("guest_00042"));
    await expect(reader.createBooking(await freeRequest(reader), { key: "k" })).rejects.toThrow("permission denied");
    const [made] = await postgres.server.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [readerOf(ofOthers).name]);
    expect(made).toBeUndefined();
    await Promise.all([reader.close(), writer.close()]);
  });

  test("cannot be made by an account that may not make accounts, and the start says what to do", async () => {
    const empty = await postgres.newDatabase();
    const name = new URL(empty).pathname.slice(1);
    await postgres.server.query("CREATE ROLE modest LOGIN PASSWORD 'modest'");
    await postgres.server.query(`GRANT ALL ON DATABASE ${name} TO modest`);
    const modest = Object.assign(new URL(empty), { username: "modest", password: "modest" }).href;
    await expect(openBusiness({ at: { url: modest }, access: "write" })).rejects.toThrow(
      /CREATEROLE.*RENTALS_READ_URL/,
    );
  });
});
