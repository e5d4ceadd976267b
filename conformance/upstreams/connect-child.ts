import { fileURLToPath } from "node:url";
import { connectStdio } from "../../packages/callgate/src/upstream/connect-stdio.ts";
import type { UpstreamConnection } from "../../packages/callgate/src/upstream/connection.ts";
import { requestOptions } from "../../packages/callgate/src/upstream/testing/request-options.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";

const script = fileURLToPath(new URL("odd-child.ts", import.meta.url));

/** What the child says of itself. */
export interface Seen {
  readonly pid: number;
  readonly child?: number;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface ChildOptions {
  readonly book?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A connection to the child that is odd in that way. */
export function connectChild(way: string, { book = "-", args = [], env = {} }: ChildOptions = {}): UpstreamConnection {
  return connectStdio({
    name: "odd",
    command: process.execPath,
    args: [script, way, book, ...args],
    env,
    log: silentLog,
    maxMessageBytes: 1 << 20,
  });
}

export async function look(connection: UpstreamConnection): Promise<Seen> {
  const answer = await connection.request("tools/call", { name: "do", arguments: {} }, requestOptions());
  if (answer.kind !== "result") throw new Error("the child asks");
  const [block] = answer.result["content"] as [{ readonly text: string }];
  return JSON.parse(block.text) as Seen;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
