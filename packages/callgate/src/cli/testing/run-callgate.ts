import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../../bin/callgate.js", import.meta.url));

/** How a command ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running extends Pick<ChildProcess, "pid" | "stdin" | "kill"> {
  readonly ended: Promise<Ran>;
  /** Resolves with what stderr or stdout holds once it matches; rejects when the process ends before. */
  until(pattern: RegExp): Promise<string>;
}

export interface Where {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the real command in a process of its own, as a shell would. */
export function startCallgate(args: readonly string[], where: Where): Running {
  return startNode([BINARY, ...args], where);
}

export function startNode(args: readonly string[], { folder, environment = {} }: Where): Running {
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...environment } });
  const said = { stdout: "", stderr: "" };
  let told = (): void => {};
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
      told();
    });
  }
  const ended = new Promise<Ran>((resolve) => {
    child.on("close", (code) => resolve({ code, ...said }));
  });
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      told = () => {
        const text = said.stderr + said.stdout;
        if (pattern.test(text)) resolve(text);
      };
      void ended.then(({ code, stderr }) => reject(new Error(`it ended with ${code}: ${stderr}`)));
      told();
    });
  return { pid: child.pid, stdin: child.stdin, kill: (signal) => child.kill(signal), ended, until };
}

/** Runs the real command to its end. */
export function runCallgate(args: readonly string[], where: Where): Promise<Ran> {
  const running = startCallgate(args, where);
  running.stdin?.end();
  return running.ended;
}
