import { expect, it } from "vitest";
import { call, useOperatedGate } from "./testing/operated-gate.ts";

const gate = useOperatedGate();

it.each(["search_audit", "export_audit", "list_writes"])(
  "%s refuses a cursor that it has not given, however often, and goes on working without one",
  async (tool) => {
    const operator = await gate.connect();
    for (let times = 0; times < 6; times += 1) {
      const refused = await call(operator, tool, { cursor: "x" });
      expect(refused).toMatchObject({ code: "cursor_invalid", next: expect.stringContaining("without cursor") });
    }
    expect(await call(operator, tool, {})).toSatisfy((page: object) => "records" in page || "writes" in page);
  },
);
