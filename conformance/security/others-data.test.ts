import { rentalsBooks } from "rentals/src/tools/rentals-backend.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, type RentalsUnderAttack, type Sent, startRentals, structured } from "./rentals-under-attack.ts";

interface Booking {
  readonly booking_id: string;
  readonly property_id: string;
  readonly guest_id: string;
}

const year = { start: "2026-01-01", end: "2026-12-31" };
let rentals: RentalsUnderAttack;
let books: Awaited<ReturnType<typeof rentalsBooks>>;
let foreign: Booking;
let owner: Sent;
let client: Sent;

beforeAll(async () => {
  rentals = await startRentals();
  books = await rentalsBooks();
  owner = { key: rentals.keys.owner };
  client = {
    key: rentals.keys.channel,
    meta: { "io.callgate/identity": { phone: (await books.getGuest("guest_00042")).phone } },
  };
  const all = await bookingsSeenBy({ key: rentals.keys.frontdesk });
  const owners = await Promise.all(all.map(({ property_id }) => books.ownerOf(property_id)));
  foreign = all.find(({ guest_id }, at) => guest_id !== "guest_00042" && owners[at] !== "owner_001") as Booking;
});
afterAll(() => rentals.close());

async function bookingsSeenBy(sent: Sent, more: object = {}): Promise<readonly Booking[]> {
  const given = structured(await rentals.call("find_bookings", { ...year, ...more }, sent));
  return (given?.["bookings"] ?? []) as readonly Booking[];
}

/** An id as others would slip it past a guard. */
function disguised(id: string): readonly unknown[] {
  const padded = [` ${id}`, `${id}\u0000`, id.toUpperCase(), `${id}%`, `${id}' OR '1'='1`];
  return [id, [id], { id }, { $eq: id }, [[id]], { toString: id }, Number(id.replace(/\D/g, "")), ...padded];
}

describe("somebody else's id is denied, in whatever form (SECURITY 6)", () => {
  test.each(["get_property", "quote_stay", "find_bookings"])("[C5] an owner's %s of another's home", async (tool) => {
    for (const property_id of disguised(foreign.property_id)) {
      const dates = tool === "get_property" ? {} : { start: "2026-11-10", end: "2026-11-20" };
      const answer = await rentals.call(tool, { ...dates, property_id }, owner);
      expect(structured(answer), JSON.stringify(property_id)).toBeUndefined();
      expect(codeOf(answer)).toMatch(/^(forbidden|denied|not_allowed|invalid_arguments)$/);
    }
  });

  test("[C5] an owner's and a known client's get_booking of another's stay", async () => {
    for (const sent of [owner, client])
      for (const booking_id of disguised(foreign.booking_id)) {
        const answer = await rentals.call("get_booking", { booking_id, include: ["guest"] }, sent);
        expect(structured(answer), JSON.stringify(booking_id)).toBeUndefined();
        expect(answer.text).not.toContain(foreign.guest_id);
      }
  });

  test("[C5] a booking that is another's is denied in the words for one that is not there", async () => {
    const ask = async (booking_id: string): Promise<string> => {
      const { text } = await rentals.call("get_booking", { booking_id }, client);
      return text.replaceAll(booking_id, "ID").replaceAll(/(call|trace)_\w+|"[0-9a-f]{32}"/g, "CALL");
    };
    expect(await ask(foreign.booking_id)).toBe(await ask("book_999999"));
  });

  test("[C5] a known client books and searches for nobody else, and is not asked for whom", async () => {
    for (const guest_id of disguised(foreign.guest_id)) {
      const stay = { property_id: foreign.property_id, start: "2028-05-01", end: "2028-05-09", guests: 1 };
      for (const [tool, args] of [
        ["find_bookings", year],
        ["create_booking", stay],
      ] as const)
        expect(structured(await rentals.call(tool, { ...args, guest_id }, client))).toBeUndefined();
    }
    for (const { guest_id } of await bookingsSeenBy(client)) expect(guest_id).toBe("guest_00042");
  });

  test("[C5] an owner finds the bookings of own homes alone", async () => {
    const found = await bookingsSeenBy(owner);
    expect(found.length).toBeGreaterThan(0);
    for (const { property_id } of found) expect(await books.ownerOf(property_id)).toBe("owner_001");
  });
});

test("records of others' calls and writes are as nonexistent, and their ids cannot be guessed (SECURITY 19)", async () => {
  const desk = { key: rentals.keys.frontdesk };
  const notes = { guest_id: "guest_00043", email: "new@example.com" };
  for (const each of ["one", "two"])
    await rentals.call("update_guest_contact", { ...notes, idempotency_key: `contact-change-number-${each}` }, desk);
  const listed = await rentals.call("list_writes", { tool: "update_guest_contact" }, { key: rentals.keys.operator });
  const { writes } = structured(listed) as { writes: { write_id: string }[] };
  const [one, two] = writes.map(({ write_id }) => write_id.replace("write_", "")) as [string, string];
  expect(one.length).toBeGreaterThanOrEqual(20);
  expect(Array.from(one).filter((letter, at) => letter !== two[at]).length).toBeGreaterThan(8);
  for (const sent of [desk, owner, client, {}])
    for (const [tool, field] of [
      ["get_write", "write_id"],
      ["resolve_write", "write_id"],
      ["get_audit_record", "call_id"],
    ] as const) {
      const asked = await rentals.call(tool, { [field]: `write_${one}` }, sent);
      const absent = await rentals.call("no_such_tool", { [field]: "write_none" }, sent);
      expect(asked.text).toBe(absent.text.replace("no_such_tool", tool));
    }
});
