import { z } from "zod";
import type { Finding } from "../upstream/lock/compare-lock.ts";
import type { UpstreamReport } from "../upstream/upstream-report.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

/** An upstream, in a line of a list. */
export interface UpstreamInfo {
  readonly upstream: string;
  readonly state: UpstreamReport["state"];
  readonly address: string;
  readonly accepted_address?: string | undefined;
  readonly server?: string | undefined;
  readonly revision?: string | undefined;
  readonly problem?: string | undefined;
  readonly next?: string | undefined;
  readonly compared_at?: string | undefined;
  readonly differs_since?: string | undefined;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
  readonly held_back: number;
  readonly withdrawn: number;
  readonly changed: number;
}

/** One thing that an upstream offers otherwise than was accepted. */
export interface FindingInfo extends Pick<Finding, "list" | "name" | "kind" | "verdict" | "standing"> {
  readonly why?: string | undefined;
  readonly changes: {
    readonly verdict: Finding["verdict"];
    readonly rule: string;
    readonly pointer: string;
    readonly message: string;
  }[];
  readonly suspicions: { readonly rule: string; readonly pointer: string; readonly excerpt: string }[];
}

/** An upstream with everything in which it differs. */
export interface UpstreamDetail extends UpstreamInfo {
  readonly findings: FindingInfo[];
  readonly unserved: { readonly list: string; readonly name: string; readonly why: string }[];
}

const STATES = ["accepted", "changed", "not_accepted", "address_changed", "not_reached"] as const;
const VERDICTS = ["breaking", "additive", "wording"] as const;

const info = z.object({
  upstream: z.string(),
  state: z.enum(STATES).describe("changed: it offers something else than was accepted"),
  address: z.string(),
  accepted_address: z.string().optional().describe("Where it was accepted, if elsewhere"),
  server: z.string().optional().describe("The name that the server gave itself"),
  revision: z.string().optional().describe("Of the protocol, when it was accepted"),
  problem: z.string().optional().describe("Why it could not be asked, the last time"),
  next: z.string().optional().describe("What the people who run the gate do about that"),
  compared_at: z.string().optional(),
  differs_since: z.string().optional(),
  tools: z.int().describe("Served right now"),
  resources: z.int(),
  prompts: z.int(),
  held_back: z.int().describe("New, and not served before a person accepts them"),
  withdrawn: z.int().describe("Served no more, because the server does not take the accepted form any more"),
  changed: z.int().describe("Served as they were accepted, while the server offers them otherwise"),
});

const finding = z.object({
  list: z.enum(["tools", "resources", "resourceTemplates", "prompts"]),
  name: z.string(),
  kind: z.enum(["new", "changed", "gone"]),
  verdict: z.enum(VERDICTS),
  standing: z.enum(["served", "withdrawn", "held_back"]),
  why: z.string().optional(),
  changes: z.array(z.object({ verdict: z.enum(VERDICTS), rule: z.string(), pointer: z.string(), message: z.string() })),
  suspicions: z.array(z.object({ rule: z.string(), pointer: z.string(), excerpt: z.string() })),
});

const detail = info.extend({
  findings: z.array(finding),
  unserved: z
    .array(z.object({ list: z.string(), name: z.string(), why: z.string() }))
    .describe("What cannot be served"),
});

/** An upstream, in a line of a list. */
export const UpstreamInfo: z.ZodType<UpstreamInfo> = info;
/** An upstream with everything in which it differs. */
export const UpstreamDetail: z.ZodType<UpstreamDetail> = detail;

export function toUpstreamInfo(report: UpstreamReport): UpstreamInfo {
  const count = (standing: Finding["standing"]): number =>
    report.findings.filter((finding) => finding.standing === standing).length;
  return {
    upstream: report.name,
    state: report.state,
    address: report.address,
    ...report.served,
    held_back: count("held_back"),
    withdrawn: count("withdrawn"),
    changed: count("served"),
    ...present({
      accepted_address: report.acceptedAddress,
      server: report.server,
      revision: report.revision,
      problem: report.problem,
      next: report.cure,
      compared_at: timeOf(report.comparedAt),
      differs_since: timeOf(report.differsSince),
    }),
  };
}

export function toUpstreamDetail(report: UpstreamReport): UpstreamDetail {
  const unserved = report.unserved.map((each) => ({ ...each }));
  return { ...toUpstreamInfo(report), findings: report.findings.map(toFindingInfo), unserved };
}

export function toFindingInfo({ list, name, kind, verdict, standing, why, changes, suspicions }: Finding): FindingInfo {
  return {
    list,
    name,
    kind,
    verdict,
    standing,
    ...(why !== "" && { why }),
    changes: changes.map((change) => ({
      verdict: change.verdict,
      rule: change.rule,
      pointer: change.pointer,
      message: change.message,
    })),
    suspicions: suspicions.map((suspicion) => ({ ...suspicion })),
  };
}

function timeOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : isoTime(at);
}
