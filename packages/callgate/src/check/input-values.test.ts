import { expect, it } from "vitest";
import { inputValues } from "./input-values.ts";

it("are found beside a reference that cannot be decoded, which leads nowhere", () => {
  const properties = { odd: { $ref: "#/$defs/50%" }, stay: { $ref: "#/$defs/stay" } };
  const $defs = { "50%": { properties: { lost: {} } }, stay: { properties: { nights: {} } } };
  const paths = inputValues({ properties, $defs }).map(({ path }) => path);
  expect(paths).toEqual(["", "odd", "stay", "stay.nights"]);
});

it("are found behind a reference to a reference", () => {
  const $defs = { guest: { $ref: "#/$defs/person" }, person: { properties: { city: {} } } };
  const paths = inputValues({ properties: { guest: { $ref: "#/$defs/guest" } }, $defs }).map(({ path }) => path);
  expect(paths).toEqual(["", "guest", "guest.city"]);
});

it("are found beside a choice between null and itself, which says nothing", () => {
  const $defs = { odd: { anyOf: [{ type: "null" }, { $ref: "#/$defs/odd" }] } };
  const values = inputValues({ properties: { odd: { $ref: "#/$defs/odd" }, city: {} }, $defs });
  expect(values.map(({ path }) => path)).toEqual(["", "odd", "city"]);
});

it("of parts that hold one another in ever so many ways are found in no more than thousands of these", () => {
  const names = Array.from({ length: 30 }, (_, index) => `type_${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]));
  const $defs = Object.fromEntries(names.map((name) => [name, { properties: { [`of_${name}`]: {}, ...properties } }]));
  const values = inputValues({ properties, $defs });
  expect(values.length).toBeLessThan(5_000);
  const found = new Set(values.map(({ name }) => name));
  expect(names.filter((name) => !found.has(`of_${name}`))).toEqual([]);
});
