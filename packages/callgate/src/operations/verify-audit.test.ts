import { describe, expect, it } from "vitest";
import type { CallContext } from "../define/context.ts";
import type { AuditStore } from "../store/audit-port.ts";
import { openGate } from "./open-gate.ts";
import { useOperatedGate } from "./testing/operated-gate.ts";

const operated = useOperatedGate();

describe("verify_audit", () => {
  it("takes two minutes at most of a gate that serves others, and a day of its operator's own", async () => {
    const deadlines: unknown[] = [];
    for (const options of [{}, { localOperator: "olga" }]) {
      const gate = await openGate(operated.config, options);
      deadlines.push(gate.registry.tools.find(({ name }) => name === "verify_audit")?.timeoutMs);
      await gate.close();
    }
    expect(deadlines).toEqual([120_000, 86_400_000]);
  });

  it("reads no further once its deadline has come", async () => {
    const gate = await openGate(operated.config, { localOperator: "olga" });
    const served = gate.registry.tools.find(({ name }) => name === "verify_audit");
    if (served?.declaration.effect !== "read") throw new Error("verify_audit is a read");
    // It looks at nothing else of a call.
    const context = { backend: gate.store.audit, signal: AbortSignal.abort(new Error("too late")) };
    await expect(served.declaration.run({}, context as CallContext<AuditStore>)).rejects.toThrow("too late");
    await gate.close();
  });
});
