import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CLIENT_SECRET } from "../../packages/callgate/src/upstream/credentials/testing/start-provider.ts";

type Said =
  | { readonly kind: "ready" }
  | { readonly kind: "closed" }
  | { readonly kind: "answer"; readonly text: string; readonly isError: boolean };

/** A replica in a process of its own, and everything that it has said. */
export class Replica implements AsyncDisposable {
  answers = 0;
  errors = 0;
  successes = 0;
  /** Its last answer. */
  last = "";
  /** Its answers and its log. */
  readonly words: string[] = [];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => this.words.push(text));
    child.on("message", (said: Said) => {
      if (said.kind !== "answer") return;
      this.answers += 1;
      this.last = said.text;
      this.words.push(said.text);
      if (said.isError) this.errors += 1;
      else if (said.text.includes('"whose":"ann"')) this.successes += 1;
    });
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<Replica> {
    const child = fork(join(import.meta.dirname, "refresh-process.ts"), {
      env: { ...process.env, ...environment, CLIENT_SECRET, CALLGATE_LOG: "info" },
      silent: true,
    });
    const replica = new Replica(child);
    const ended = once(child, "exit").then(() => {
      throw new Error(`a replica did not start: ${replica.words.join("")}`);
    });
    await Promise.race([once(child, "message"), ended]);
    ended.catch(() => undefined);
    return replica;
  }

  /** Lets it finish; resolves once it is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, "close");
    this.#child.send("stop");
    await gone;
  }

  /** It stands still until it is resumed. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
