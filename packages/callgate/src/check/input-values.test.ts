import { expect, it } from "vitest";
import { inputValues } from "./input-values.ts";

it("are found beside a reference that cannot be decoded, which leads nowhere", () => {
  const properties = { odd: { $ref: "#/$defs/50%" }, stay: { $ref: "#/$defs/stay" } };
  const $defs = { "50%": { properties: { lost: {} } }, stay: { properties: { nights: {} } } };
  const paths = inputValues({ properties, $defs }).map(({ path }) => path);
  expect(paths).toEqual(["", "odd", "stay", "stay.nights"]);
});
