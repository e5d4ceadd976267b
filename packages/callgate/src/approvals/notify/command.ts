import { spawn } from "node:child_process";
import type { ApprovalNotice, Notifier } from "../../define/approval.ts";
import { DefinitionError } from "../../define/definition-error.ts";
import { type Delivered, Deliveries } from "./deliveries.ts";
import { type NoticeContent, toNoticeBody } from "./notice-body.ts";

const TRY_MS = 10_000;
/** What a program on a desktop or server needs to run; the gate's other variables may be secrets. */
const PASSED_ON: readonly string[] =
  "PATH HOME USER LANG TZ SystemRoot DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS".split(" ");

/**
 * Runs a program for each notice, with the notice as JSON on its stdin: no shell, no secrets in its environment, ten
 * seconds unless said otherwise, then it is killed with whatever it has started. It is run once, also where it fails.
 */
export function command(
  line: readonly [program: string, ...args: string[]],
  options: NoticeContent & { readonly tryMs?: number } = {},
): Notifier {
  const [program] = line;
  if (typeof program !== "string" || program === "")
    throw new DefinitionError({}, "A command without a program cannot be run.", 'Write ["notify-send", "…"].');
  return {
    kind: "command",
    start: ({ log }) => {
      const deliveries = new Deliveries<ApprovalNotice>({
        name: `the command ${program}`,
        log,
        send: (notice, signal) => run(line, toNoticeBody(notice, options), signal),
        tryMs: options.tryMs ?? TRY_MS,
        waitsMs: [],
      });
      return {
        notify: (notice) => deliveries.add(notice),
        close: (withinMs) => deliveries.close(withinMs),
      };
    },
  };
}

function run(
  [program, ...args]: readonly [string, ...string[]],
  input: string,
  signal: AbortSignal,
): Promise<Delivered> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"], env: environment(), detached: true });
    const end = (delivered: Delivered): void => {
      signal.removeEventListener("abort", kill);
      resolve(delivered);
    };
    // Its own group, so that what it has started goes with it.
    const kill = (): void => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const problem = endGroup(child.pid);
      if (problem === undefined) return;
      // A program of another user, as with sudo: nobody waits for it any more, not even a gate that ends.
      child.unref();
      child.stdin.destroy();
      end({ never: `it did not end in time, and could not be ended: ${problem}` });
    };
    signal.addEventListener("abort", kill, { once: true });
    child.on("error", (error) => end({ never: error.message }));
    child.on("exit", (code, killedBy) => {
      if (code === 0) end("done");
      else end({ never: signal.aborted ? "it did not end in time" : `it ended with ${killedBy ?? `code ${code}`}` });
    });
    // A program that does not read closes its stdin; that is no failure.
    child.stdin.on("error", () => {});
    child.stdin.end(`${input}\n`);
  });
}

/** Kills a group of processes; gives why it could not be done. */
function endGroup(pid: number): string | undefined {
  try {
    process.kill(-pid, "SIGKILL");
    return undefined;
  } catch (error) {
    // Never thrown: it would be out of a signal's listener, and end the gate.
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ESRCH" ? undefined : message;
  }
}

function environment(): NodeJS.ProcessEnv {
  const known = PASSED_ON.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}
