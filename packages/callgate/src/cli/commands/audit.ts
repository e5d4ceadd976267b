import type { Command } from "commander";
import type { AuditEntry, AuditRecordInfo } from "../../operations/audit-schemas.ts";
import { present } from "../../operations/present.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { printedJson } from "../printing/print-json.ts";
import { shortText, shortTime, toTable } from "../printing/table.ts";
import { addAuditExport } from "./audit-export.ts";
import { type AuditFilterOptions, toAuditFilters, withAuditFilters } from "./audit-filters.ts";
import { callOperation } from "./operations-call.ts";
import { wholeNumber } from "./whole-number.ts";

export function addAuditCommands(program: Command, context: CommandContext): void {
  const audit = program
    .command("audit")
    .description("search the record of calls, show one, export them, prove that none was changed");
  addSearch(audit, context);
  addShow(audit, context);
  addAuditExport(audit, context);
  addVerify(audit, context);
}

interface SearchOptions extends GateSelection, AuditFilterOptions {
  readonly limit?: number;
}

interface Found {
  readonly records: AuditEntry[];
  readonly next_cursor?: string;
  readonly complete: boolean;
}

function addSearch(audit: Command, context: CommandContext): void {
  const command = audit
    .command("search [words...]")
    .description(
      "find calls, newest first; words must all occur in reason, message, arguments, result or what was sent",
    )
    .option("--limit <rows>", "rows at most; 20 unless given", wholeNumber)
    .action((words: string[], options: SearchOptions) => search(words, options, context));
  withExamples(withGateOptions(withAuditFilters(command)), [
    "callgate audit search --tool create_booking --outcome replayed",
    "callgate audit search --subject person:anna --from 2026-11-01T00:00:00Z refund",
    "callgate audit search --limit 100 --json | jq '.records[].call_id'",
  ]);
}

async function search(words: readonly string[], options: SearchOptions, context: CommandContext): Promise<void> {
  const { url, key, config, json, debug, limit, ...filters } = options;
  const selection = present({ url, key, config, json, debug });
  const request = { ...toAuditFilters(words, filters), limit };
  const found = await callOperation<Found>({ tool: "search_audit", arguments: request }, selection, context);
  if (found === undefined) return;
  const { terminal } = context;
  if (json === true) return terminal.data(JSON.stringify(found));
  terminal.data(
    toTable(["at", "call", "subject", "tool", "outcome", "code", "ms", "tokens", "why"], found.records.map(toRow)),
  );
  if (!found.complete) terminal.say("The search ran out of time before the page was full.");
  if (found.next_cursor !== undefined) terminal.say(`There may be more: --cursor ${found.next_cursor}`);
}

function toRow(record: Found["records"][number]): string[] {
  return [
    shortTime(record.at),
    record.call_id,
    record.subject ?? "",
    record.tool ?? record.method,
    record.count > 1 ? `${record.outcome} ×${record.count}` : record.outcome,
    record.code ?? "",
    record.duration_ms.toFixed(1),
    String(record.result_tokens),
    shortText(record.reason ?? record.message, 60),
  ];
}

function addShow(audit: Command, context: CommandContext): void {
  const command = audit
    .command("show <call-id>")
    .description("show one call in full, as it was recorded")
    .action(async (id: string, selection: GateSelection) => {
      const call = { tool: "get_audit_record", arguments: { call_id: id } };
      const record = await callOperation<AuditRecordInfo>(call, selection, context);
      if (record === undefined) return;
      const { terminal } = context;
      if (selection.json === true) return terminal.data(JSON.stringify(record));
      const payloads = {
        arguments: parsed(record.arguments),
        result: parsed(record.result),
        sent: parsed(record.sent),
      };
      terminal.data(printedJson({ ...record, ...present(payloads), stages: parsed(record.stages) }));
    });
  withExamples(withGateOptions(command), ["callgate audit show call_0123456789abcdef"]);
}

interface Verified {
  readonly intact: boolean;
  readonly rows: number;
  readonly segments: number;
  readonly faults: readonly { readonly writer: string; readonly ordinal: number; readonly detail: string }[];
  readonly faults_in_all: number;
}

function addVerify(audit: Command, context: CommandContext): void {
  const command = audit
    .command("verify")
    .description("prove that the record was not changed; exits with 1 where it was")
    .action(async (selection: GateSelection) => {
      const verified = await callOperation<Verified>({ tool: "verify_audit", arguments: {} }, selection, context);
      if (verified === undefined) return;
      const { terminal, end } = context;
      if (selection.json === true) terminal.data(JSON.stringify(verified));
      else {
        for (const { writer, ordinal, detail } of verified.faults) terminal.data(`${writer} ${ordinal}: ${detail}`);
        const verdict = verified.intact ? "as they were written" : `${verified.faults_in_all} faults`;
        const segments = verified.segments === 1 ? "1 segment" : `${verified.segments} segments`;
        terminal.say(`${verified.rows} rows in ${segments}: ${verdict}.`);
      }
      if (!verified.intact) end("failed");
    });
  withExamples(withGateOptions(command), ["callgate audit verify", "callgate audit verify --json"]);
}

/** Payloads are JSON texts; one that was cut is shown as the text it is. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
