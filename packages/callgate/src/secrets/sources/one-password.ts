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
    throw whyNot(error as Failed, signal);
  }
}

type Failed = NodeJS.ErrnoException & { readonly stderr?: string };

function whyNot({ code, stderr = "" }: Failed, signal: AbortSignal): Error {
  if (signal.aborted) return new Error("the op command did not answer in time");
  if (code === "ENOENT")
    return new Error("there is no op command: install 1Password's CLI, and sign in or set OP_SERVICE_ACCOUNT_TOKEN");
  const [said = ""] = stderr.trim().split("\n", 1);
  return new Error(`op ended with ${code}${said === "" ? "" : `: ${said.slice(0, MOST_WORDS)}`}`);
}
