import { type ChildProcess, spawn } from "node:child_process";

/**
 * Reads `+ group` and `- group`, and once nothing more can come, ends the groups that are left: first they see their own
 * input end, then they are asked to, then made to. A fixed text; nothing of a config is ever in it.
 */
const SCRIPT = `
held=
while read -r sign group; do
  case $sign in
    +) held="$held $group" ;;
    -) left=; for g in $held; do [ "$g" = "$group" ] || left="$left $g"; done; held=$left ;;
  esac
done
[ -n "$held" ] || exit 0
sleep 1
for g in $held; do kill -s TERM -- "-$g" 2>/dev/null; done
sleep 2
for g in $held; do kill -s KILL -- "-$g" 2>/dev/null; done
`;

let dog: ChildProcess | undefined;
const watched = new Set<number>();

/**
 * Ends a process group when this process is gone, however it went: also by `kill -9`, which leaves it no last act. One
 * small process watches for all, and ends with the last group. Gives back what ends the watching.
 */
export function watchGroup(group: number): () => void {
  if (process.platform === "win32") return () => {};
  watched.add(group);
  if (dog !== undefined) tell(`+ ${group}`);
  else {
    dog = startDog();
    for (const each of watched) tell(`+ ${each}`);
  }
  return () => {
    if (!watched.delete(group)) return;
    tell(`- ${group}`);
    if (watched.size > 0) return;
    dog?.stdin?.end();
    dog = undefined;
  };
}

function startDog(): ChildProcess {
  // A session of its own: a signal to the gate's group must not take it along.
  const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true, env: {} });
  const gone = (): void => {
    if (dog === child) dog = undefined;
  };
  child.on("error", gone);
  child.on("exit", gone);
  child.stdin?.on("error", gone);
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
}

function tell(line: string): void {
  dog?.stdin?.write(`${line}\n`);
}
