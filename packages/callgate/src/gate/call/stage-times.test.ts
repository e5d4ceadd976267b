import { expect, test } from "vitest";
import { StageTimes } from "./stage-times.ts";

test("[O1] a stage that is gone through twice stands once, with both times", () => {
  const times = new StageTimes();
  for (const stage of ["plan", "start", "plan", "commit"]) times.mark(stage);
  const text = times.toJson();
  const took = JSON.parse(text) as Record<string, number>;
  expect(text.match(/"plan"/g)).toHaveLength(1);
  expect(Object.keys(took)).toEqual(["plan", "start", "commit"]);
  expect(Object.values(took).reduce((sum, us) => sum + us, 0)).toBeLessThanOrEqual(times.totalUs + 3);
});
