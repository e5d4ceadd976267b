import { expect, it } from "vitest";
import { z } from "zod";
import { defineDomain } from "../../define/domain.ts";
import { createRegistry } from "../../gate/served/registry.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { lookAt } from "../checked-gate.ts";
import { type Likened, likeness, toLikened } from "./likeness.ts";
import { ENOUGH } from "./overlaps.ts";
import { likenessPairs, type PairedTool } from "./testing/likeness-pairs.ts";

/** The tool as a gate serves it. */
function served({ name, description, takes, effect = "read" }: PairedTool): Likened {
  const domain = defineDomain("things", { owner: "o", purpose: "p", concern: "c" });
  const input = z.object(Object.fromEntries(takes.map((each) => [each, z.string()])));
  if (effect === "read") domain.read(name, { description, input, run: () => "" });
  else domain[effect](name, { description, input, plan: () => ({ preview: {} }), commit: () => "" });
  const config = { name: "test", callers: {}, domains: [domain], store: sqlite("never/gate.db") };
  const registry = createRegistry(config, [domain], { clock: Date.now, limiters: localLimiters(Date.now) });
  return toLikened(lookAt(config, registry).tools[0] as never, new Set());
}

it.each(likenessPairs.map((pair) => [pair.one.name, pair.other.name, pair] as const))(
  "[T6] %s and %s are told apart as people do",
  (_one, _other, { one, other, overlap }) => {
    const { total } = likeness(served(one), served(other));
    expect(total >= ENOUGH, `likeness ${total.toFixed(2)}`).toBe(overlap);
    expect(likeness(served(other), served(one)).total).toBeCloseTo(total);
  },
);
