import { rpcCode, rpcError } from "../../wire/rpc-error.ts";
import { type Ending, refused } from "../answers/ending.ts";
import type { Call } from "../call/call.ts";

/** The extension by which clients say that they know tasks. */
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** Whether the client has said that it takes a task for an answer. */
export function knowsTasks({ exchange }: Call): boolean {
  const { extensions } = exchange.meta.clientCapabilities;
  if (typeof extensions !== "object" || extensions === null || !Object.hasOwn(extensions, TASKS_EXTENSION))
    return false;
  const declared = (extensions as Readonly<Record<string, unknown>>)[TASKS_EXTENSION];
  return typeof declared === "object" && declared !== null && !Array.isArray(declared);
}

/** What a client is told that cannot be served without them. */
export function tasksUnsupported(what: string): Ending {
  const answer = rpcError(rpcCode.missingCapability, `${what} needs the client capability ${TASKS_EXTENSION}.`, {
    httpStatus: 400,
    data: { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } },
  });
  return refused("tasks_unsupported", answer, false);
}
