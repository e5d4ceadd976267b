import { existsSync } from "node:fs";
import { dirname } from "node:path";

/** A failure of the file system in one sentence, and what to do about it. */
export interface FileTrouble {
  readonly message: string;
  readonly next: string;
}

/** Node's own words, which are all that is left of such an error when it comes from another thread. */
const WORDS = /^(E[A-Z]+): [^']*, (\w+) '([^']+)'/;
/** Other calls of the system are about programs and addresses. */
const CALLS: ReadonlySet<string> = new Set(
  "access chmod copyfile link lstat mkdir open opendir read realpath rename rmdir scandir stat unlink write".split(" "),
);
/** What is written beside a file, to take its place as a whole. */
const BESIDE = /\.[0-9a-f]{12}$/;

/** Undefined where an error is about no file or folder that it names. */
export function explainFileFailure(error: unknown): FileTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, code, call, path] = WORDS.exec(error.message) ?? [];
  if (code === undefined || call === undefined || path === undefined || !CALLS.has(call)) return undefined;
  // A file that came to be in the meantime is there, and not in the way of a folder.
  if (code === "EEXIST" && call !== "mkdir") return undefined;
  return troubleOf(code, path.replace(BESIDE, ""));
}

function troubleOf(code: string, path: string): FileTrouble | undefined {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return existsSync(path)
        ? {
            message: `This user may not use ${path}.`,
            next: "Change its owner or mode, or run it as the user whose it is.",
          }
        : { message: `This user may not make ${path}.`, next: `Let this user write into ${nearestFolder(path)}.` };
    case "EROFS":
      return {
        message: `${path} is where nothing can be written.`,
        next: "Mount it for writing, or put it elsewhere.",
      };
    case "EISDIR":
      return { message: `${path} is a folder, and a file belongs there.`, next: "Move it away, or name a file." };
    case "ENOTDIR":
    case "EEXIST":
      return {
        message: `${path} is or leads through a file, and a folder belongs there.`,
        next: "Move the file away, or name another folder.",
      };
    case "ENOENT":
      return existsSync(dirname(path))
        ? { message: `There is no ${path}.`, next: "Is its name right?" }
        : { message: `There is no folder ${dirname(path)}.`, next: "Make it, or name another one." };
    case "ENOSPC":
    case "EDQUOT":
      return { message: `There is no room left for ${path}.`, next: "Make room on that disk, or put it elsewhere." };
    default:
      return undefined;
  }
}

function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(above) || above === path ? above : nearestFolder(above);
}
