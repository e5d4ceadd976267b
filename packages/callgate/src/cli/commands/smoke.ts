import { randomUUID } from "node:crypto";
import type { Client } from "@modelcontextprotocol/client";
import type { Command } from "commander";
import type { ProofInfo, WriteToolInfo } from "../../operations/domain-schemas.ts";
import { callWrite } from "../calling/call-write.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { toTable } from "../printing/table.ts";
import { switchOn } from "./switch-on.ts";

interface SmokeOptions extends GateSelection {
  readonly graduate?: boolean;
}

export function addSmokeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("smoke <domain>")
    .description("try a domain on its real backend with the read credential, which must not be able to write")
    .option("--graduate", "where it passes, switch all its write tools on without asking")
    .action((domain: string, options: SmokeOptions) => smoke(domain, options, context));
  withExamples(withGateOptions(command), [
    "callgate smoke bookings",
    "callgate smoke bookings --graduate",
    "callgate smoke bookings --json --url https://tools.example.com --key cg_o_…",
  ]);
}

async function smoke(domain: string, options: SmokeOptions, { terminal, end }: CommandContext): Promise<void> {
  const { graduate, ...selection } = options;
  const asJson = selection.json === true;
  await withConnection({ ...selection, needs: "everything" }, terminal, async (client) => {
    const proof = await runSmoke(client, domain, terminal);
    if (!asJson) show(proof, terminal);
    let switchedOn: readonly WriteToolInfo[] = [];
    if (proof.passed) {
      const how = graduate === true ? "all" : asJson || !terminal.canAsk ? "none" : "ask";
      switchedOn = await switchOn(client, { domain, how }, terminal);
    } else end("failed");
    if (asJson) terminal.data(JSON.stringify({ ...proof, switched_on: switchedOn.map(({ tool }) => tool) }));
  });
}

async function runSmoke(client: Client, domain: string, terminal: CommandContext["terminal"]): Promise<ProofInfo> {
  // Who types the command again wants it tried again.
  const call = { name: "run_smoke", arguments: { domain, idempotency_key: `cli-${randomUUID()}` } };
  const { value } = await callWrite(client, call, terminal);
  // The tool's output schema is checked by the client against what the gate advertises.
  return value as ProofInfo;
}

function show({ domain, passed, checks }: ProofInfo, terminal: CommandContext["terminal"]): void {
  const rows = checks.map(({ check, outcome, detail, ms }) => [outcome, `${ms} ms`, check, detail ?? ""]);
  terminal.data(toTable(["outcome", "took", "check", "found"], rows));
  terminal.say(
    passed
      ? `${domain} passed. That is kept, with its date and contracts.`
      : `${domain} FAILED. Its write tools are off until it passes.`,
  );
}
