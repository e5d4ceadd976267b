import { fullFormats } from "ajv-formats/dist/formats.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compileSchema } from "./ajv.ts";
import { isFullDate } from "./date-format.ts";

const { validate: judge } = fullFormats.date as { readonly validate: (text: string) => boolean };
const two = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((each) => String(each).padStart(2, "0"));

it.each(["2024-02-29", "2000-02-29", "0000-02-29", "2026-12-31"])("takes %s", (text) => {
  expect(isFullDate(text)).toBe(true);
});

it.each([
  "2023-02-29",
  "1900-02-29",
  "2026-00-10",
  "2026-13-01",
  "2026-04-31",
  "2026-01-00",
  "2026-1-01",
  " 2026-01-01",
  "2026-01-01\n",
])("does not take %j", (text) => {
  expect(isFullDate(text)).toBe(false);
});

it("leaves the keywords that compare dates as they are", () => {
  const schema = { type: "string", format: "date", formatMinimum: "2020-01-01", formatExclusiveMaximum: "2021-01-01" };
  const validate = compileSchema(schema, JSON.stringify(schema));
  expect(["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"].map((text) => validate(text))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

it("judges every text as ajv-formats does", () => {
  const nearly = fc.tuple(two(0, 99), two(0, 99), two(0, 14), two(0, 33)).map(([c, y, m, d]) => `${c}${y}-${m}-${d}`);
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string()), (text) => {
      expect(isFullDate(text)).toBe(judge(text));
    }),
    { numRuns: 20_000 },
  );
});
