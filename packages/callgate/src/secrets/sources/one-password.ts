import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const MOST_BYTES = 1024 * 1024;
const MOST_WORDS = 300;

/** Reads by the `op` command. It may wait for a fingerprint; it has the time that all secrets have. */
export async function readOnePassword(address: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await run("op", ["read", "--no-newline", address], { signal, maxBuffer: MOST_BYTES });
    return stdout;
  } catch (error) {
    throw new Error(whyNot(error as NodeJS.ErrnoException & { readonly stderr?: string }, signal), { cause: error });
  }
}

function whyNot({ code, stderr = "" }: NodeJS.ErrnoException & { readonly stderr?: string }, signal: AbortSignal) {
  if (signal.aborted) return "the op command did not answer in time";
  if (code === "ENOENT")
    return "there is no op command: install 1Password's CLI, and sign in or set OP_SERVICE_ACCOUNT_TOKEN";
  const [said = ""] = stderr.trim().split("\n", 1);
  return `op ended with ${code}${said === "" ? "" : `: ${said.slice(0, MOST_WORDS)}`}`;
}
