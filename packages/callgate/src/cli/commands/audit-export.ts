import { resolve } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import type { Command } from "commander";
import type { AuditRecordInfo } from "../../operations/audit-schemas.ts";
import { present } from "../../operations/present.ts";
import { callTool } from "../calling/call-tool.ts";
import { type CommandContext, type GateSelection, withExamples, withGateAddress } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { type LineSink, linesToFile, linesToTerminal } from "../printing/line-sink.ts";
import type { Terminal } from "../terminal.ts";
import { type AuditFilterOptions, toAuditFilters, withAuditFilters } from "./audit-filters.ts";

const TELL_EVERY_MS = 1_000;

interface ExportOptions extends Omit<GateSelection, "json">, AuditFilterOptions {
  readonly out?: string;
}

interface Page {
  readonly records: readonly AuditRecordInfo[];
  readonly next_cursor?: string;
}

/** Adds `callgate audit export`. */
export function addAuditExport(audit: Command, context: CommandContext): void {
  const command = audit
    .command("export [words...]")
    .description("write calls in full as JSON lines, one a row, newest first, as audit show gives them")
    .option("--out <file>", "a file that is not there yet; with --cursor, the one to go on with; stdout unless given")
    .action((words: string[], options: ExportOptions) => exportAudit(words, options, context.terminal));
  withExamples(withGateAddress(withAuditFilters(command)), [
    "callgate audit export --out audit.ndjson",
    "callgate audit export --from 2026-11-01T00:00:00Z --until 2026-11-02T00:00:00Z | gzip > 2026-11-01.ndjson.gz",
    "callgate audit export --subject person:anna --outcome error | jq .code",
  ]);
}

async function exportAudit(words: readonly string[], options: ExportOptions, terminal: Terminal): Promise<void> {
  const { out, url, key, config, debug, ...filters } = options;
  const sink =
    out === undefined
      ? linesToTerminal(terminal)
      : linesToFile(resolve(terminal.folder, out), {
          goOn: filters.cursor !== undefined,
          cure: "Name another file. An export that was broken off goes on in its file with --cursor.",
        });
  const copy = new Copy(toAuditFilters(words, filters), sink, terminal);
  try {
    const selection = present({ url, key, config, debug });
    await withConnection({ ...selection, needs: "operations" }, terminal, (client) => copy.make(client));
  } catch (error) {
    terminal.say(copy.whereItIs());
    throw error;
  } finally {
    await sink.close();
  }
  terminal.say(`${copy.rows} rows, newest first.`);
}

/** An export on its way, page after page: at no time is more than a page of it here. */
class Copy {
  readonly #filters: Readonly<Record<string, unknown>>;
  readonly #sink: LineSink;
  readonly #terminal: Terminal;
  #cursor: string | undefined;
  #rows = 0;

  constructor(filters: Readonly<Record<string, unknown>>, sink: LineSink, terminal: Terminal) {
    this.#filters = filters;
    this.#sink = sink;
    this.#terminal = terminal;
    this.#cursor = filters["cursor"] as string | undefined;
  }

  get rows(): number {
    return this.#rows;
  }

  async make(client: Client): Promise<void> {
    let toldAt = performance.now();
    do {
      const cursor = this.#cursor === undefined ? {} : { cursor: this.#cursor };
      const call = { name: "export_audit", arguments: { ...this.#filters, ...cursor } };
      // The tool's output schema is checked by the client against what the gate advertises.
      const { records, next_cursor } = (await callTool(client, call, this.#terminal)).value as Page;
      await this.#sink.write(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      this.#rows += records.length;
      this.#cursor = next_cursor;
      if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        this.#terminal.progress(this.whereItIs());
      }
    } while (this.#cursor !== undefined);
  }

  /** How far it has come, and how to go on from there. */
  whereItIs(): string {
    if (this.#cursor === undefined) return `${this.#rows} rows were written.`;
    return `${this.#rows} rows were written. To go on: the same command with --cursor ${this.#cursor}`;
  }
}
