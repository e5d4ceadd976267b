import type { Evidence } from "../checker/evidence.ts";
import type { Violation, ViolationKind } from "../checker/violation.ts";
import type { FaultKind, Strike } from "../nemesis/fault.ts";
import type { Endings } from "../replica/replicas.ts";
import type { Machines } from "../replica/start-replica.ts";
import type { ProofOptions } from "./options.ts";

/** What a run came to. */
export interface Report {
  readonly options: ProofOptions;
  readonly machines: Machines;
  /** From the first request to the verdict. */
  readonly seconds: number;
  readonly requests: number;
  /** Requests that were answered. */
  readonly calls: number;
  readonly writes: number;
  readonly effects: number;
  readonly replays: number;
  /** Writes that somebody had to agree to, and how many of them took place. */
  readonly approvals: { readonly asked: number; readonly spent: number };
  readonly auditRows: number;
  /** Writes whose outcome is not known: their backend cannot tell, or nobody has asked. */
  readonly unknown: number;
  readonly kills: number;
  readonly restarts: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly violations: readonly Violation[];
}

export interface ReportOptions {
  readonly options: ProofOptions;
  readonly machines: Machines;
  readonly schedule: readonly Strike[];
  readonly endings: Endings;
  readonly evidence: Evidence;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

export function toReport({
  options,
  machines,
  schedule,
  endings,
  evidence,
  violations,
  seconds,
}: ReportOptions): Report {
  const { requests, writes, effects, audit } = evidence;
  const answers = requests.map(({ answer }) => answer).filter(({ kind }) => kind !== "lost" && kind !== "unreached");
  const faults = Object.groupBy(schedule, ({ fault }) => fault.kind);
  return {
    options,
    machines,
    seconds: Math.round(seconds),
    requests: requests.length,
    calls: answers.length,
    writes: writes.length,
    effects: effects.length,
    replays: answers.filter((answer) => answer.kind === "done" && answer.replayed).length,
    approvals: {
      asked: writes.filter(({ approval }) => approval !== undefined).length,
      spent: writes.filter(({ approval }) => approval?.spentAt !== undefined).length,
    },
    auditRows: audit.length,
    unknown: writes.filter(({ state }) => state === "unknown").length,
    kills: endings.kills,
    restarts: endings.starts - options.replicas,
    faults: Object.fromEntries(Object.entries(faults).map(([kind, struck]) => [kind, struck.length])),
    violations,
  };
}

const counted: readonly (readonly [ViolationKind, string])[] = [
  ["duplicate", "duplicates"],
  ["lost", "lost"],
  ["unrecorded", "unrecorded"],
  ["unended", "without an end"],
  ["contradiction", "contradictions"],
  ["unapproved", "unapproved"],
  ["broken", "broken"],
];
const MOST_SHOWN = 20;

/** The report as people read it. */
export function toText(report: Report): string {
  const { options, machines, violations } = report;
  const of = (kind: ViolationKind): number => violations.filter((violation) => violation.kind === kind).length;
  const hosts = machines === "each" ? "on a host each" : "on one host";
  const rows: readonly (readonly [string, string | number])[] = [
    [
      "run",
      `${options.seconds} s, ${options.clients} clients, ${options.replicas} replicas ${hosts}, ${options.store}`,
    ],
    ["calls", `${report.calls} answered of ${report.requests} sent`],
    ["writes", `${report.writes}, ${report.replays} times answered again`],
    ["effects", report.effects],
    ["approvals", `${report.approvals.asked} asked for, ${report.approvals.spent} spent`],
    ["audit rows", report.auditRows],
    ["kills", report.kills],
    ["restarts", report.restarts],
    [
      "faults",
      Object.entries(report.faults)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(", "),
    ],
    ["unknown", `${report.unknown}, where the backend cannot tell, or nobody asked`],
    ...counted.map(([kind, name]) => [name, of(kind)] as const),
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`);
  const shown = violations.slice(0, MOST_SHOWN).map(({ kind, where, what }) => `  ${kind}: ${where}: ${what}`);
  const more = violations.length > MOST_SHOWN ? [`  and ${violations.length - MOST_SHOWN} more`] : [];
  const verdict = violations.length === 0 ? "Every promise was kept." : `${violations.length} promises were broken:`;
  return [...table, "", verdict, ...shown, ...more, "", `Again: ${commandOf(options)}`].join("\n");
}

function commandOf({ seconds, replicas, clients, seed, store, forgetsKeys }: ProofOptions): string {
  const minutes = Number((seconds / 60).toFixed(3));
  const world = forgetsKeys ? " --forgetful-world" : "";
  return `npm run prove -- --minutes ${minutes} --replicas ${replicas} --clients ${clients} --seed ${seed} --store ${store}${world}`;
}
