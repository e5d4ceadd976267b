import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { gateItself } from "../gate-subject.ts";
import { needsTask } from "../serve/needs-task.ts";
import type { Link, Question } from "./link.ts";
import { type ListOptions, listAll, ofTheGate } from "./list-all.ts";

/** How long an old server keeps a task; whoever waits for it has less time anyhow. */
const KEPT_MS = 60 * 60_000;
const CANCEL_MS = 5_000;
const LOOK_MS = 10_000;

export interface TaskToolsOptions {
  readonly name: string;
  readonly link: Link;
  readonly capabilities: JsonObject;
}

/** Calls tools of an old server: those that can only be called as tasks are, and their results waited for; MCP 2025-11-25, "Tasks". */
export class TaskTools {
  readonly #options: TaskToolsOptions;
  /** Names of the tools that can be called in no other way; looked up for the first call. */
  #names: Promise<ReadonlySet<string>> | undefined;

  constructor(options: TaskToolsOptions) {
    this.#options = options;
  }

  /** The server's tools have changed. */
  forget(): void {
    this.#names = undefined;
  }

  async call(question: Question): Promise<JsonObject> {
    const { link, capabilities } = this.#options;
    if (!takesTasks(capabilities)) return link.ask(question);
    this.#names ??= this.#look();
    const names = await this.#names;
    return names.has(String(question.params["name"])) ? askAsTask(link, question) : link.ask(question);
  }

  async #look(): Promise<ReadonlySet<string>> {
    const { name, link } = this.#options;
    const ask: ListOptions["ask"] = (method, params, signal) => link.ask({ ...ofTheGate, method, params, signal });
    try {
      const capabilities = { tools: {} };
      const { tools } = await listAll({ name, capabilities, signal: AbortSignal.timeout(LOOK_MS), ask });
      return new Set(tools.filter(needsTask).map((tool) => String(tool["name"])));
    } catch {
      // Then each is called as any tool is, and the server says what it wants; the next call looks again.
      this.#names = undefined;
      return new Set();
    }
  }
}

async function askAsTask(link: Link, { onLate, ...question }: Question): Promise<JsonObject> {
  const { params, signal } = question;
  // A task goes on after it was answered that there is one.
  const created = await link.ask({ ...question, params: { ...params, task: { ttl: KEPT_MS } } });
  const { task } = created;
  const taskId = isJsonObject(task) ? task["taskId"] : undefined;
  if (typeof taskId !== "string") return created;
  const cancel = (): void => {
    const cancelling = { subject: gateItself, signal: AbortSignal.timeout(CANCEL_MS), during: () => {} };
    // It may have ended meanwhile.
    link.ask({ ...cancelling, method: "tasks/cancel", params: { taskId } }).catch(() => {});
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const late = onLate === undefined ? {} : { onLate };
    return await link.ask({ ...question, ...late, method: "tasks/result", params: { taskId } });
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function takesTasks({ tasks }: JsonObject): boolean {
  const requests = isJsonObject(tasks) ? tasks["requests"] : undefined;
  const tools = isJsonObject(requests) ? requests["tools"] : undefined;
  return isJsonObject(tools) && isJsonObject(tools["call"]);
}
