import type { Command } from "commander";
import type { ApprovalSummary } from "../../approvals/approval-view.ts";
import { ApprovalCalls, type Saying } from "../approving/approval-calls.ts";
import { approvalText, saidText } from "../approving/approval-text.ts";
import { decideEach } from "../approving/decide-each.ts";
import { watchApprovals } from "../approving/watch-approvals.ts";
import { CliError } from "../cli-error.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { shortText, shortTime, toTable } from "../printing/table.ts";
import { toSeen } from "../printing/visible-text.ts";

export function addApprovalsCommands(program: Command, context: CommandContext): void {
  const approvals = program
    .command("approvals")
    .description("see what waits for a person's word, and decide it")
    .action((options: GateSelection) => decideOrList(options, context));
  withExamples(withGateOptions(approvals), [
    "callgate approvals",
    "callgate approvals show apr_0123456789abcdef",
    'callgate approvals deny apr_0123456789abcdef --note "ask the guest first"',
    "callgate approvals watch",
  ]);
  const add = (usage: string, words: string): Command => withGateOptions(approvals.command(usage).description(words));
  const withParents = (command: Command): GateSelection => command.optsWithGlobals<GateSelection>();
  add("list", "list what waits for your word, and what was asked for you").action((_options, command: Command) =>
    list(withParents(command), context),
  );
  add("show <approval-id>", "show what would happen, for whom and why").action(
    (id: string, _options, command: Command) => show(id, withParents(command), context),
  );
  add("watch", "tell of each request that waits for you, until you end it").action((_options, command: Command) =>
    watch(withParents(command), context),
  );
  for (const [deed, words] of deeds) {
    add(`${deed} <approval-id>`, words)
      .option("--note <words>", deed === "deny" ? "why; whoever asked is told" : "why, for the record")
      .option("-y, --yes", "do not ask")
      .action((id: string, _options, command: Command) => say({ id, deed }, command.optsWithGlobals(), context));
  }
}

const deeds: readonly (readonly [Saying["deed"], string])[] = [
  ["approve", "say yes to it, after reading what would happen"],
  ["deny", "say no to it"],
  ["withdraw", "take back what was asked by you or for you"],
];

function withCalls<Value>(
  selection: GateSelection,
  { terminal }: CommandContext,
  work: (calls: ApprovalCalls) => Promise<Value>,
): Promise<Value> {
  return withConnection({ ...selection, needs: "operations", endpoint: "approvals" }, terminal, (client) =>
    work(new ApprovalCalls(client, terminal)),
  );
}

/** With a person at the terminal each request is shown and asked about; without one they are listed. */
async function decideOrList(selection: GateSelection, context: CommandContext): Promise<void> {
  if (!context.terminal.canAsk || selection.json === true) return list(selection, context);
  await withCalls(selection, context, (calls) => decideEach(calls, context.terminal));
}

async function list(selection: GateSelection, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const approvals = await withCalls(selection, context, (calls) => calls.list());
  if (selection.json === true) return terminal.data(JSON.stringify({ approvals }));
  terminal.data(
    toTable(
      ["expires", "approval", "tool", "what would happen", "asked by", "level", "state", "you may", "why"],
      approvals.map(toRow),
    ),
  );
}

function toRow(approval: ApprovalSummary): string[] {
  const { expires_at, approval_id, tool, would = "", asked_by, level, state, you_may, reason = "" } = approval;
  const [what, why] = [shortText(toSeen(would), 60), shortText(toSeen(reason), 40)];
  return [shortTime(expires_at), approval_id, tool, what, toSeen(asked_by), level, state, you_may.join(", "), why];
}

async function show(id: string, selection: GateSelection, context: CommandContext): Promise<void> {
  const approval = await withCalls(selection, context, (calls) => calls.get(id));
  context.terminal.data(selection.json === true ? JSON.stringify(approval) : approvalText(approval));
}

async function watch(selection: GateSelection, context: CommandContext): Promise<void> {
  const { terminal } = context;
  await withCalls(selection, context, (calls) => {
    terminal.say("Watching for requests that wait for you. Ctrl-C ends it.");
    return watchApprovals(calls, terminal, (approval) => {
      if (selection.json === true) return terminal.data(JSON.stringify(approval));
      const { approval_id, tool, would = "", asked_by, reason = "" } = approval;
      const [what, why] = [shortText(toSeen(would), 80), shortText(toSeen(reason), 80)];
      terminal.data(`${approval_id}  ${tool}  ${what}  ${toSeen(asked_by)}  ${why}`);
    });
  });
}

interface SayOptions extends GateSelection {
  readonly note?: string;
  readonly yes?: boolean;
}

async function say(
  { id, deed }: Pick<Saying, "id" | "deed">,
  { note, yes, ...selection }: SayOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, end } = context;
  if (yes !== true && !terminal.canAsk)
    throw new CliError("usage", `There is no terminal to ask whether you ${deed} it.`, {
      next: `Give --yes, or look at it first: callgate approvals show ${id}`,
    });
  const said = await withCalls(selection, context, async (calls) => {
    if (yes !== true) {
      terminal.say(`${approvalText(await calls.get(id))}\n`);
      if (!(await terminal.ask(questions[deed]))) return undefined;
    }
    return calls.say({ id, deed, note });
  });
  if (said === undefined) {
    terminal.say("Nothing was decided.");
    return end("declined");
  }
  if (selection.json === true) terminal.data(JSON.stringify(said));
  else terminal.say(saidText(said));
}

const questions: Readonly<Record<Saying["deed"], string>> = {
  approve: "Do you approve it?",
  deny: "Do you deny it?",
  withdraw: "Do you take it back?",
};
