import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answered, Asked, Setting } from "./messages.ts";

const script = fileURLToPath(new URL("reports-process.ts", import.meta.url));

/** A gate in a process of its own. */
export class ReportsProcess {
  readonly #child: ChildProcess;
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.setMaxListeners(100);
  }

  /** Resolves once it takes calls. */
  static async start(setting: Setting): Promise<ReportsProcess> {
    const child = fork(script, [JSON.stringify(setting)], { stdio: ["ignore", "inherit", "ignore", "ipc"] });
    const started = await Promise.race([once(child, "message"), once(child, "exit")]);
    if (started[0] !== "ready") throw new Error(`the process did not start: ${started.join(" ")}`);
    return new ReportsProcess(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The members of the result, or the error. */
  async ask(method: string, params: Asked["params"]): Promise<Readonly<Record<string, unknown>>> {
    this.#asked += 1;
    const number = this.#asked;
    const answered = new Promise<Answered["answer"]>((resolve, reject) => {
      const listen = (said: Answered): void => {
        if (said.number !== number) return;
        this.#child.off("message", listen);
        resolve(said.answer);
      };
      this.#child.on("message", listen);
      this.#child.once("exit", () => reject(new Error("the process has ended")));
    });
    this.#child.send({ number, method, params } satisfies Asked);
    const answer = await answered;
    return answer.kind === "error" ? { error: answer } : (JSON.parse(`{${answer.members}}`) as Record<string, unknown>);
  }

  /** The id of the task that the call has begun. */
  async begin(tool: string, name: string): Promise<string> {
    const { taskId, ...rest } = await this.ask("tools/call", { name: tool, arguments: { name } });
    if (typeof taskId !== "string") throw new Error(`no task: ${JSON.stringify(rest)}`);
    return taskId;
  }

  look(taskId: string): Promise<Readonly<Record<string, unknown>>> {
    return this.ask("tasks/get", { taskId });
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}
