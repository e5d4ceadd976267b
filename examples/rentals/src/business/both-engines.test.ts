import { expect, test } from "vitest";
import {
  describeWithPostgres,
  usePostgres,
} from "../../../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import type { BusinessReader } from "./open-business.ts";
import { newFile, openTemporaryBusiness } from "./temporary-business.ts";

const range = { start: "2024-01-01", end: "2028-12-31" };
const stay = { start: "2027-06-10", end: "2027-06-20", guests: 2 };

const QUESTIONS: Readonly<Record<string, (reader: BusinessReader) => Promise<unknown>>> = {
  "all bookings": (reader) => reader.findBookings({ ...range, limit: 20_000 }),
  "a page of them": (reader) => reader.findBookings({ ...range, limit: 3, after: "2027-01-05~book_000001" }),
  "all homes": (reader) => reader.searchProperties({ limit: 200 }),
  "homes for a stay": (reader) => reader.searchProperties({ ...stay, city: "VIENNA", limit: 200 }),
  "homes with amenities": (reader) => reader.searchProperties({ amenities: ["wifi", "pool"], limit: 200 }),
  "homes that are not dear": (reader) => reader.searchProperties({ ...stay, max_nightly_price: 15_000, limit: 200 }),
  "a home's amenities": (reader) => reader.amenitiesOf("prop_0042"),
  "a home's seasons": (reader) => reader.seasonsOf("prop_0042"),
  "all guests": (reader) => reader.searchGuests({ text: "", limit: 5_000 }),
  "guests by accented words": (reader) => reader.searchGuests({ text: "é EXAMPLE", limit: 5_000 }),
  "guests by capital accents": (reader) => reader.searchGuests({ text: "É", limit: 5_000 }),
  payments: (reader) => reader.paymentsOf(["book_000007", "book_004242", "book_009999"]),
  "a price": async (reader) => ({ ...(await reader.quoteStay({ ...stay, property_id: "prop_0008" })), quote_id: "" }),
  "a report": (reader) =>
    reader.buildOccupancyReport(
      { from: "2026-06", until: "2027-07", simulations: 40 },
      { signal: new AbortController().signal },
    ),
  "what cancelling gives": (reader) => reader.previewCancellation("book_009999").catch((error: unknown) => error),
};

describeWithPostgres("PostgreSQL and SQLite", () => {
  const postgres = usePostgres({ fsync: false });

  test("answer the same questions with the same bytes", async () => {
    await using file = await openTemporaryBusiness(newFile);
    await using database = await openTemporaryBusiness(async () => ({ url: await postgres.newDatabase() }));
    for (const [question, ask] of Object.entries(QUESTIONS)) {
      const [one, other] = [await ask(file.reader), await ask(database.reader)];
      expect([question, JSON.stringify(other)]).toEqual([question, JSON.stringify(one)]);
    }
  });
});
