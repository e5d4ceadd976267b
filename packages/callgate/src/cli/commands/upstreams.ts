import type { Command } from "commander";
import type { UpstreamDetail, UpstreamInfo } from "../../operations/upstream-schemas.ts";
import { callTool } from "../calling/call-tool.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { shortTime, toTable } from "../printing/table.ts";
import { toSeenLine } from "../printing/visible-text.ts";
import type { Terminal } from "../terminal.ts";
import { acceptUpstream } from "../upstreams/accept-upstream.ts";
import { findingLines } from "../upstreams/finding-lines.ts";
import { sayTrouble } from "../upstreams/upstream-trouble.ts";

interface AcceptOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly config?: string;
  readonly debug?: boolean;
}

export function addUpstreamsCommands(program: Command, { terminal, end }: CommandContext): void {
  const upstreams = program
    .command("upstreams")
    .description("see how servers behind the gate differ from what was accepted of them, and accept it");
  const list = upstreams
    .command("list", { isDefault: true })
    .description("list the servers: whether each is what was accepted, and how much of it is served")
    .action((selection: GateSelection) => listUpstreams(selection, terminal));
  withExamples(withGateOptions(list), ["callgate upstreams", "callgate upstreams list --json"]);
  const show = upstreams
    .command("show <name>")
    .description("show what a server offers otherwise than was accepted, and what each change means to callers")
    .action((name: string, selection: GateSelection) => showUpstream(name, selection, terminal));
  withExamples(withGateOptions(show), ["callgate upstreams show crm"]);
  const accept = upstreams
    .command("accept <name> [things...]")
    .description("show what a server offers now, ask, and write it into callgate.lock.json")
    .option("--all", "what is suspicious too")
    .option("-y, --yes", "do not ask")
    .option("--config <file>", "the gate's config; callgate.config.ts in this folder unless given")
    .option("--debug", "show where a failure comes from")
    .action(async (upstream: string, names: string[], options: AcceptOptions) => {
      const { all = false, yes = false, debug = false, config } = options;
      if (!(await acceptUpstream({ upstream, names, all, yes, debug, config }, terminal))) end("declined");
    });
  withExamples(accept, ["callgate upstreams accept crm", "callgate upstreams accept crm find_contacts --yes"]);
}

async function listUpstreams(selection: GateSelection, terminal: Terminal): Promise<void> {
  const { upstreams } = await ask<{ upstreams: UpstreamInfo[] }>("list_upstreams", {}, { selection, terminal });
  if (selection.json === true) return terminal.data(JSON.stringify(upstreams));
  const rows = upstreams.map((each) => [
    each.upstream,
    each.problem === undefined ? each.state : `${each.state}, down`,
    String(each.tools),
    String(each.resources),
    String(each.prompts),
    String(each.changed),
    String(each.withdrawn),
    String(each.held_back),
    shortTime(each.differs_since),
  ]);
  const head = ["upstream", "state", "tools", "resources", "prompts", "changed", "withdrawn", "held back", "since"];
  terminal.data(toTable(head, rows));
  sayTrouble(upstreams, terminal);
}

async function showUpstream(name: string, selection: GateSelection, terminal: Terminal): Promise<void> {
  const detail = await ask<UpstreamDetail>("get_upstream", { upstream: name }, { selection, terminal });
  if (selection.json === true) return terminal.data(JSON.stringify(detail));
  const { state, address, accepted_address: before, server, revision, problem, next, findings, unserved } = detail;
  const elsewhere = before === undefined ? "" : `; it was accepted at ${toSeenLine(before)}`;
  terminal.say(`${name}: ${state}, at ${toSeenLine(address)}${elsewhere}`);
  if (server !== undefined)
    terminal.say(`It calls itself ${toSeenLine(server)} and speaks ${toSeenLine(revision ?? "no revision")}.`);
  if (problem !== undefined) terminal.say(`It could not be asked: ${toSeenLine(problem)}`);
  if (next !== undefined) terminal.say(toSeenLine(next));
  for (const finding of findings) terminal.data(findingLines(finding).join("\n"));
  for (const each of unserved)
    terminal.data(`${each.list} ${toSeenLine(each.name)}: cannot be served: ${toSeenLine(each.why)}`);
  if (findings.length > 0) terminal.say(`To accept it: callgate upstreams accept ${name}`);
}

/** Differences are found where the servers are: with all backends started. */
async function ask<Result>(
  name: string,
  args: Record<string, unknown>,
  { selection, terminal }: { readonly selection: GateSelection; readonly terminal: Terminal },
): Promise<Result> {
  const request = { name, arguments: args };
  const answered = await withConnection(
    { ...selection, needs: "everything", endpoint: "upstreams" },
    terminal,
    (client) => callTool(client, request, terminal),
  );
  // The client has checked it by what the gate advertises.
  return answered.value as Result;
}
