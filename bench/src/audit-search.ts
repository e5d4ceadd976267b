import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Gate, openGate } from "callgate";
import { appendMeanwhile } from "./audit/append-meanwhile.ts";
import { fillAudit } from "./audit/fill-audit.ts";
import { measureSearch, type SearchResult } from "./audit/measure-search.ts";
import { searchKinds } from "./audit/search-kinds.ts";
import { benchGate } from "./callgate/bench-gate.ts";
import { toMarkdownTable } from "./markdown-table.ts";

const results = fileURLToPath(new URL("../results/", import.meta.url));
const say = (line: string): unknown => process.stderr.write(`${line}\n`);

const usage = `Usage: npm run bench:audit -- [options]

  --rows N        rows in the audit (10000000); bench/results/audit-10m is filled once and kept
  --searches N    searches of each kind (25)
  --in-flight N   appends in flight meanwhile (64)

Writes bench/results/audit-search.json.`;

interface Options {
  readonly rows: number;
  readonly searches: number;
  readonly inFlight: number;
}

interface AuditReport extends Options {
  readonly date: string;
  readonly rowsAtStart: number;
  readonly segments: number;
  readonly appendsPerSecond: number;
  readonly kinds: readonly SearchResult[];
}

async function measure(options: Options, folder: string): Promise<AuditReport> {
  const gate = await openGate(benchGate(folder), { serve: "operations" });
  try {
    const { rows: rowsAtStart, segments } = await gate.store.audit.status();
    const appends = appendMeanwhile(gate.store.audit, { from: rowsAtStart, inFlight: options.inFlight });
    const kinds = await measureKinds(gate, options).catch(async (error: unknown) => {
      await appends.stop();
      throw error;
    });
    const appendsPerSecond = await appends.stop();
    return { date: new Date().toISOString(), ...options, rowsAtStart, segments, appendsPerSecond, kinds };
  } finally {
    await gate.close();
  }
}

async function measureKinds(gate: Gate, options: Options): Promise<readonly SearchResult[]> {
  const kinds: SearchResult[] = [];
  for (const kind of searchKinds) {
    say(`searching: ${kind.name}`);
    kinds.push(await measureSearch(gate.store.audit, kind, options));
  }
  return kinds;
}

function toTable({ kinds }: AuditReport): string {
  const titles = ["search", "median ms", "slowest ms", "wanted ms", "", "pages", "slowest page ms", "records"];
  return toMarkdownTable(
    titles,
    kinds.map((kind) => [
      kind.name,
      kind.medianMs.toFixed(1),
      kind.slowestMs.toFixed(1),
      `≤ ${kind.wantedMs}`,
      kind.medianMs <= kind.wantedMs ? "met" : "MISSED",
      kind.medianPages.toFixed(0),
      kind.slowestPageMs.toFixed(1),
      kind.medianRecords.toFixed(0),
    ]),
  );
}

function readOptions(): Options | undefined {
  const count = (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) throw new Error(`A whole number from 1 is needed, not "${text}".`);
    return value;
  };
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "10000000" },
      searches: { type: "string", default: "25" },
      "in-flight": { type: "string", default: "64" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return { rows: count(values.rows), searches: count(values.searches), inFlight: count(values["in-flight"]) };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const folder = `${results}audit-${options.rows / 1e6}m`;
  await fillAudit({ folder, rows: options.rows, say });
  const report = await measure(options, folder);
  writeFileSync(`${results}audit-search.json`, `${JSON.stringify(report, null, 2)}\n`);
  const rows = report.rowsAtStart.toLocaleString("en");
  console.log(`\n${rows} rows in ${report.segments} segments, newest first, while calls are appended:\n`);
  console.log(`${toTable(report)}\n\n${Math.round(report.appendsPerSecond)} rows a second were appended meanwhile.`);
}

await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
