import { describe, expect, it } from "vitest";
import type { ApprovalRule, ApprovalsConfig } from "../define/approval.ts";
import type { CallLog } from "../define/context.ts";
import type { Subject } from "../define/subject.ts";
import { compileDemand } from "./compile-demand.ts";
import { ApprovalLevels, type DemandedApproval } from "./level-for.ts";
import { approvalLevels } from "./levels.ts";

const anna: Subject = {
  kind: "agent",
  id: "agent:helper@anna",
  caller: "key_1",
  user: "anna",
  account: undefined,
  tenant: undefined,
  role: "desk",
  modes: ["desk"],
  scopes: ["bookings:write"],
  domains: undefined,
  attributes: { office: "oslo" },
};

/** What matters here of a declaration. */
interface Written {
  readonly effect?: "write" | "destructive";
  readonly impact?: "normal" | "high";
}

interface Judging {
  readonly written: object;
  readonly config?: ApprovalsConfig;
  readonly plan?: unknown;
}

const said: string[] = [];
const log: CallLog = { debug: () => {}, info: () => {}, warn: () => {}, error: (message) => void said.push(message) };

function judge({ written, config = {}, plan = { preview: {}, total: 1_200 } }: Judging): Promise<DemandedApproval> {
  said.length = 0;
  const declaration = { effect: "write", name: "create_booking", ...(written as Written) } as never;
  const demand = compileDemand(declaration, { tool: "create_booking" }, new Set(["guests", "note"]));
  const levels = new ApprovalLevels({ config, log, clock: Date.now, askMs: 200 });
  const { effect = "write", impact = "normal" }: Written = written;
  const call = { tool: "create_booking", domain: "bookings", effect, impact, subject: anna } as const;
  return Promise.resolve(levels.levelFor({ ...call, demand, plan, input: { guests: 3 } }));
}

const ruled = (when: ApprovalRule["when"]): Judging => ({ written: { approval: { rules: [rules(when)] } } });
const rules = (when: ApprovalRule["when"]): ApprovalRule => ({ when, level: "operator", because: "It is dear." });

describe("what a write demands by itself", () => {
  it.each([
    [{}, "none"],
    [{ effect: "destructive" }, "owner"],
    [{ impact: "high" }, "owner"],
    [{ effect: "destructive", approval: "none" }, "none"],
    [{ effect: "destructive", approval: { rules: [] } }, "owner"],
    [{ impact: "high", approval: { level: "client" } }, "client"],
    [{ approval: "two" }, "two"],
  ] as const)("%j demands %s", async (written, level) => {
    expect((await judge({ written })).level).toBe(level);
  });
});

describe("rules", () => {
  it.each([
    "plan.total > 1000",
    "plan.total * 2.0 > 2000.0 && input.guests == 3",
    "subject.kind == 'agent' && subject.tenant == null && 'bookings:write' in subject.scopes",
    "has(input.note) || subject.attributes.office == 'oslo'",
  ])("holds by CEL: %s", async (when) => {
    expect(await judge(ruled(when))).toEqual({ level: "operator", because: ["It is dear."] });
  });

  it("does not hold where its expression or function says false", async () => {
    expect((await judge(ruled("plan.total > 5000"))).level).toBe("none");
    expect((await judge(ruled(({ subject }) => subject.user !== "anna"))).level).toBe("none");
    expect(said).toEqual([]);
  });

  it("says the expression where the author says no reason", async () => {
    const approval = { rules: [{ when: "plan.total > 1000", level: "owner" }] };
    expect(await judge({ written: { approval } })).toEqual({ level: "owner", because: ["plan.total > 1000"] });
  });

  it.each<[string, ApprovalRule["when"]]>([
    ["throws", () => Promise.reject(new Error("books are closed"))],
    [
      "throws at once",
      (): never => {
        throw new Error("no");
      },
    ],
    ["never answers", () => new Promise<boolean>(() => {})],
    ["answers with a text", () => "false" as never],
    ["answers nothing", () => undefined as never],
    ["reads by CEL what the plan has not", "plan.totl > 1000"],
    ["compares by CEL a number with a text", "plan.total > 'x'"],
    ["gives by CEL a number", "plan.total"],
  ])("one that %s counts as true, and is in the log", async (_, when) => {
    expect((await judge(ruled(when))).level).toBe("operator");
    expect(said.join()).toContain("approval rule 1 of create_booking");
  });

  it("only raises: the highest that holds decides, and none lowers what the tool demands", async () => {
    for (const least of approvalLevels) {
      for (const level of approvalLevels) {
        const approval = {
          level: least,
          rules: [
            { when: "true", level },
            { when: "false", level: "two" },
          ],
        };
        const highest = Math.max(approvalLevels.indexOf(least), approvalLevels.indexOf(level));
        expect((await judge({ written: { approval } })).level).toBe(approvalLevels[highest]);
      }
    }
  });
});

describe("the policy of the gate", () => {
  it("raises for a caller, and says so", async () => {
    const config: ApprovalsConfig = { policy: ({ subject }) => (subject.kind === "agent" ? "two" : undefined) };
    expect(await judge({ written: {}, config })).toEqual({
      level: "two",
      because: ["The policy of this gate asks for it."],
    });
  });

  it("does not lower what the tool demands", async () => {
    const config: ApprovalsConfig = { policy: () => "none" };
    expect((await judge({ written: { approval: "operator" }, config })).level).toBe("operator");
  });

  it.each<[string, ApprovalsConfig["policy"]]>([
    ["throws", () => Promise.reject(new Error("books are closed"))],
    ["never answers", () => new Promise(() => {})],
    ["answers nonsense", () => "boss" as never],
  ])("that %s refuses the write until it can be asked", async (_, policy) => {
    const judging = judge({ written: {}, config: { ...(policy && { policy }) } });
    await expect(judging).rejects.toMatchObject({ code: "approval_unchecked", category: "infrastructure" });
    expect(said.join()).toContain("approvals.policy");
  });
});

describe("a demand that cannot work", () => {
  const compiling =
    (approval: unknown, effect = "write"): (() => unknown) =>
    () =>
      compileDemand({ effect, name: "t", approval } as never, { tool: "t" }, new Set(["guests"]));

  it.each([
    ["boss", /"boss".*none, client/],
    [{ level: "owner", expires: 5 }, /setting "approval", tool "t": it has a field "expires"/],
    [{ expiresMinutes: 0.5 }, /expiresMinutes is 0.5/],
    [{ rules: [{ level: "owner" }] }, /setting "approval\.rules\[0\]".*it has no when/],
    [{ rules: [{ when: "plan.total >", level: "owner" }] }, /rule 1 of t.*Unexpected token[^]*Write CEL/],
    [{ rules: [{ when: "paln.total > 1", level: "owner" }] }, /Unknown variable: paln/],
    [{ rules: [{ when: "subject.knd == 'agent'", level: "owner" }] }, /No such key: knd/],
    [{ rules: [{ when: "input.guest > 1", level: "owner" }] }, /No such key: guest/],
    [{ rules: [{ when: "'always'", level: "owner" }] }, /gives string/],
    [{ rules: [{ when: "true", level: "chief" }] }, /approval\.rules\[0\]\.level is "chief".*operator, two/],
  ])("is refused when the gate is built: %j", (approval, words) => {
    expect(compiling(approval)).toThrow(words);
  });

  it("is refused on a read, of which nothing can be held back", () => {
    expect(compiling("owner", "read")).toThrow(/read with `approval`/);
  });
});
