import { type Command, InvalidArgumentError, Option } from "commander";
import { outcomes } from "../../operations/audit-schemas.ts";
import { present } from "../../operations/present.ts";

/** Which rows of the record are meant. */
export interface AuditFilterOptions {
  readonly subject?: string;
  readonly caller?: string;
  readonly tool?: string;
  readonly domain?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly trace?: string;
  readonly write?: string;
  readonly from?: string;
  readonly until?: string;
  readonly cursor?: string;
}

/** Adds the options by which rows of the record are chosen. */
export function withAuditFilters(command: Command): Command {
  return command
    .option("--subject <id>", "who it was for, e.g. person:anna")
    .option("--caller <key-id>", "the key that called")
    .option("--tool <name>", "the tool that was called")
    .option("--domain <name>", "the domain it belongs to")
    .addOption(new Option("--outcome <outcome>", "how it ended").choices(outcomes))
    .option("--code <code>", "an error code, e.g. rate_limited")
    .option("--trace <id>", "a trace")
    .option("--write <id>", "a write of the ledger")
    .option("--from <time>", "not before, e.g. 2026-11-01T09:00:00Z", isoTime)
    .option("--until <time>", "before", isoTime)
    .option("--cursor <cursor>", "goes on where a page ended");
}

/** The same as arguments of the gate's own tools; all words must occur. */
export function toAuditFilters(words: readonly string[], options: AuditFilterOptions): Record<string, unknown> {
  const { trace, write, ...fields } = options;
  const text = words.length > 0 ? words.join(" ") : undefined;
  return present({ ...fields, trace_id: trace, write_id: write, text });
}

function isoTime(text: string): string {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError("It must be a time, e.g. 2026-11-01T09:00:00Z.");
}
