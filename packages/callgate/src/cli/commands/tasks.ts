import { setTimeout as wait } from "node:timers/promises";
import { type Command, Option } from "commander";
import type { TaskInfo, TaskReport } from "../../operations/task-schemas.ts";
import { TASK_STATES } from "../../store/task-port.ts";
import { callTool } from "../calling/call-tool.ts";
import { untilAnswered } from "../calling/until-answered.ts";
import { type CommandContext, type GateSelection, withExamples, withGateOptions } from "../command.ts";
import { withConnection } from "../connection/connect.ts";
import { shortText, shortTime, toTable } from "../printing/table.ts";
import { callOperation } from "./operations-call.ts";
import { wholeNumber } from "./whole-number.ts";

const LOOK_EVERY_MS = 1_000;

export function addTasksCommands(program: Command, context: CommandContext): void {
  const tasks = program.command("tasks").description("see how far long work is, and end it");
  addList(tasks, context);
  const show = tasks
    .command("show <task-id>")
    .description("show a task: how far it is, what it has cost, and what it gave")
    .action((id: string, selection: GateSelection) => showTask(id, selection, context));
  withExamples(withGateOptions(show), ["callgate tasks show task_0123456789abcdef"]);
  const watch = tasks
    .command("watch <task-id>")
    .description("tell how far a task is until it has ended, then what it gave")
    .action((id: string, selection: GateSelection) => watchTask(id, selection, context));
  withExamples(withGateOptions(watch), ["callgate tasks watch task_0123456789abcdef"]);
  const cancel = tasks
    .command("cancel <task-id>")
    .description("end the work of a task, wherever it runs")
    .option("-y, --yes", "do not ask")
    .action((id: string, options: CancelOptions) => cancelTask(id, options, context));
  withExamples(withGateOptions(cancel), ["callgate tasks cancel task_0123456789abcdef --yes"]);
}

interface ListOptions extends GateSelection {
  readonly everyone?: boolean;
  readonly status?: string;
  readonly tool?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

function addList(tasks: Command, context: CommandContext): void {
  const command = tasks
    .command("list")
    .description("list tasks, newest first: your own, or with --everyone those of all")
    .option("--everyone", "those of all callers; takes the scope tasks:read")
    .addOption(new Option("--status <status>", "where they stand").choices(TASK_STATES))
    .option("--tool <name>", "of which tool")
    .option("--limit <tasks>", "tasks at most; 20 unless given", wholeNumber)
    .option("--cursor <cursor>", "goes on where a page ended")
    .action((options: ListOptions) => list(options, context));
  withExamples(withGateOptions(command), [
    "callgate tasks list --everyone --status working",
    "callgate tasks list --tool build_occupancy_report --json",
  ]);
}

async function list(options: ListOptions, context: CommandContext): Promise<void> {
  const { everyone, status, tool, limit, cursor, ...selection } = options;
  const call = { tool: "list_tasks", arguments: { everyone, status, tool, limit, cursor } };
  const page = await callOperation<{ tasks: TaskInfo[]; next_cursor?: string }>(call, selection, context);
  if (page === undefined) return;
  const { terminal } = context;
  if (selection.json === true) return terminal.data(JSON.stringify(page));
  const rows = page.tasks.map((task) => [
    shortTime(task.created_at),
    task.task_id,
    task.tool,
    task.subject,
    task.status,
    shortText(task.message, 40),
  ]);
  terminal.data(toTable(["created", "task", "tool", "subject", "status", "how far"], rows));
  if (page.next_cursor !== undefined) terminal.say(`There is more: --cursor ${page.next_cursor}`);
}

async function showTask(id: string, selection: GateSelection, context: CommandContext): Promise<void> {
  const task = await callOperation<TaskReport>({ tool: "get_task", arguments: { task_id: id } }, selection, context);
  if (task !== undefined) print(task, selection, context);
}

async function watchTask(id: string, selection: GateSelection, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const call = { name: "get_task", arguments: { task_id: id } };
  const ended = await withConnection({ ...selection, needs: "operations" }, terminal, async (client) => {
    let said: string | undefined;
    for (;;) {
      // The tool's output schema is checked by the client against what the gate advertises.
      const task = (await untilAnswered(() => callTool(client, call, terminal), terminal)).value as TaskReport;
      if (task.status !== "working" && task.status !== "input_required") return task;
      const words = `${task.status}${task.message === undefined ? "" : `, ${task.message}`}`;
      if (words !== said) terminal.say(words);
      said = words;
      await wait(LOOK_EVERY_MS);
    }
  });
  print(ended, selection, context);
}

interface CancelOptions extends GateSelection {
  readonly yes?: boolean;
}

async function cancelTask(id: string, { yes, ...selection }: CancelOptions, context: CommandContext): Promise<void> {
  const call = {
    tool: "cancel_task",
    arguments: { task_id: id },
    ...(yes !== true && { confirm: "preview" as const }),
  };
  const task = await callOperation<TaskInfo>(call, selection, context);
  if (task === undefined) return;
  if (selection.json === true) return context.terminal.data(JSON.stringify(task));
  const isOver = task.status !== "working" && task.status !== "input_required";
  context.terminal.say(
    isOver ? `${task.task_id} is ${task.status}.` : `The end of ${task.task_id} has been asked for.`,
  );
}

/** What it gave goes to stdout as JSON; the words about it do not. */
function print(task: TaskReport, { json }: GateSelection, { terminal }: CommandContext): void {
  if (json === true) return terminal.data(JSON.stringify(task));
  const cost = Object.entries(task.cost ?? {}).map(([unit, amount]) => `${unit} ${amount}`);
  const lines = [
    `${task.task_id}  ${task.tool} of ${task.subject}, begun ${shortTime(task.created_at)}`,
    `${task.status}${task.message === undefined ? "" : `, ${task.message}`}`,
    `${task.worked_ms} ms of work${cost.length > 0 ? `, cost ${cost.join(", ")}` : ""}`,
    ...(task.cancelled_by === undefined ? [] : [`its end was asked for by ${task.cancelled_by}`]),
  ];
  for (const line of lines) terminal.say(line);
  if (task.error !== undefined) terminal.say(`error: ${JSON.stringify(task.error)}`);
  if (task.result !== undefined) terminal.data(JSON.stringify(task.result, null, 2));
}
