import { describe, expect, it } from "vitest";
import { describeAudit } from "./contract-suite/audit-contract.ts";
import { describeGraduations } from "./contract-suite/graduation-contract.ts";
import { describeKeys } from "./contract-suite/key-contract.ts";
import { describeLedger } from "./contract-suite/ledger-contract.ts";
import { describeProcesses } from "./contract-suite/process-contract.ts";
import { describeReplicas } from "./contract-suite/replicas-contract.ts";
import { describeRings } from "./contract-suite/ring-contract.ts";
import { auditRow, claimOf } from "./contract-suite/sample-rows.ts";
import { describeSignals } from "./contract-suite/signal-contract.ts";
import { type DeclareStore, useStore } from "./contract-suite/store-under-test.ts";
import { describeTasks } from "./contract-suite/task-contract.ts";
import { describeTokens } from "./contract-suite/token-contract.ts";

/** The one suite that every implementation of the store passes. */
export function describeStore(name: string, declare: DeclareStore): void {
  describe(`store on ${name}`, () => {
    describeLedger(declare);
    describeAudit(declare);
    describeReplicas(declare);
    describeKeys(declare);
    describeSignals(declare);
    describeRings(declare);
    describeProcesses(declare);
    describeGraduations(declare);
    describeTasks(declare);
    describeTokens(declare);

    describe("opening and closing", () => {
      const host = useStore(declare);

      it("answers that it is well, and stops asking when told to", async () => {
        await expect(host.store.health(AbortSignal.timeout(5_000))).resolves.toBeUndefined();
        await expect(host.store.health(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
      });

      it("flushes what is pending when it closes, and refuses what comes after", async () => {
        const appended = Array.from({ length: 50 }, (_, index) => host.store.audit.append(auditRow(`c${index}`)));
        const claimed = host.store.ledger.claim(claimOf("w1"));
        await host.store.close();
        await expect(Promise.all([claimed, ...appended])).resolves.toHaveLength(51);
        await expect(host.store.audit.append(auditRow("late"))).rejects.toMatchObject({ code: "store_closed" });
        await expect(host.store.ledger.claim(claimOf("w2"))).rejects.toMatchObject({ code: "store_closed" });
        await expect(host.store.health(AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: "store_closed" });
        await expect(host.store.health(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
        await host.reopen();
        expect(await host.store.audit.status()).toMatchObject({ rows: 50 });
        expect(await host.store.ledger.get("w1")).toMatchObject({ state: "claimed" });
      });
    });
  });
}
