import { countTokens } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { estimateTokens } from "./tokens.ts";

const booking = (index: number) => ({
  booking_id: `bk_${1000 + index}`,
  property_id: "prop_0042",
  guest: { name: "Anna Müller", email: "anna.mueller@example.org" },
  check_in: "2026-11-02",
  check_out: "2026-11-09",
  nights: 7,
  status: "confirmed",
  total: { amount: 129_950 + index, currency: "EUR" },
});

test.each<[string, unknown]>([
  [
    "a page of bookings",
    { bookings: Array.from({ length: 20 }, (_, index) => booking(index)), next_cursor: "b2Zmc2V0OjIw" },
  ],
  ["one booking", booking(1)],
  ["arguments", { property_id: "prop_0042", start: "2026-11-01", end: "2026-11-30", include: ["guest"] }],
  [
    "flags and numbers",
    { open: true, beds: 2, rating: 4.8, amenities: ["wifi", "kitchen", "parking", "washing machine"], floor: 3 },
  ],
])("the estimate for %s is within a third of what a tokenizer counts", (_name, value) => {
  const text = JSON.stringify(value);
  const counted = countTokens(text);
  expect(Math.abs(estimateTokens(text.length) - counted) / counted).toBeLessThan(1 / 3);
});

test("long prose is estimated dearer than it is, by half at most", () => {
  const sentence =
    "A quiet flat near the old harbour with two bedrooms, a balcony to the south and room for a bicycle. ";
  const text = JSON.stringify({ description: sentence.repeat(8) });
  const counted = countTokens(text);
  expect(estimateTokens(text.length)).toBeGreaterThan(counted);
  expect(estimateTokens(text.length)).toBeLessThan(1.5 * counted);
});
