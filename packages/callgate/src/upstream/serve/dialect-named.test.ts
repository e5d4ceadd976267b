import { expect, it } from "vitest";
import { to2020 } from "./to-2020-12.ts";

const here = "https://json-schema.org/draft/2020-12/schema";

it("[G1] a schema that names the dialect it is served in goes on naming it; any other name would be wrong", () => {
  expect(to2020({ $schema: here, type: "object" })).toEqual({ $schema: here, type: "object" });
  expect(to2020({ $schema: "http://json-schema.org/draft-07/schema#", type: "object" })).toEqual({ type: "object" });
  expect(to2020({ type: "object" })).toEqual({ type: "object" });
});
