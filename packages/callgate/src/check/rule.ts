import type { CheckRuleId, CheckSeverity } from "../define/check.ts";
import type { CheckedGate } from "./checked-gate.ts";
import type { Found } from "./finding.ts";

/** Something that a gate is judged by. Its words are what docs/rules.md says of it. */
export interface Rule {
  readonly severity: CheckSeverity;
  /** What it finds, in a sentence that goes on from "Finds". */
  readonly finds: string;
  /** Why that matters. */
  readonly reason: string;
  /** What to do about it. */
  readonly cure: string;
  /** The same for tools that were not written here, whose words and schemas stand elsewhere. */
  readonly cures?: {
    /** Of an MCP server, held to what was accepted of it. */
    readonly upstream?: string;
    /** Of an API that has an OpenAPI description. */
    readonly openapi?: string;
  };
  /** True: of what a server brings along that is not the team's, it is a note, for they cannot mend it. */
  readonly isOfServers?: true;
  /** Left out: it is found by trying, see `--plans`, or while the other findings are judged. */
  readonly find?: (gate: CheckedGate) => Iterable<Found>;
}

/** Some of the rules, by subject. */
export type RulesOf<Id extends CheckRuleId> = Readonly<Record<Id, Rule>>;
