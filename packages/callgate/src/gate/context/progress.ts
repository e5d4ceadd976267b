import { inspect } from "node:util";
import { auditRowOf } from "../audit-row.ts";
import type { Call } from "../call/call.ts";

/** Tells the client how far the work is. The first word waits until the call's intent is on record. */
export function tellProgress(
  call: Call,
  told: { done: number; total: number | undefined; message: string | undefined },
): void {
  call.task?.progress(told.done, told.total, told.message && call.gate.masker.text(told.message));
  const { progressToken } = call.exchange.meta;
  if (progressToken === undefined) return;
  const { done, total, message } = told;
  const params = {
    progressToken,
    progress: done,
    ...(total !== undefined && { total }),
    ...(message !== undefined && { message }),
  };
  afterIntent(call, () => call.exchange.notify("notifications/progress", params));
}

const levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

/** Sends words of a tool to a client that asked for that level; MCP "Logging". */
export function sayToClient(call: Call, level: string, data: unknown): void {
  const { logLevel } = call.exchange.meta;
  if (logLevel === undefined || levels.indexOf(level) < levels.indexOf(logLevel)) return;
  afterIntent(call, () => call.exchange.notify("notifications/message", { level, logger: call.served.name, data }));
}

/** Runs `send` once the intent is recorded; a streamed answer never starts before that, nor goes on after it. */
function afterIntent(call: Call, send: () => void): void {
  if (call.ended) return;
  call.intent ??= call.gate.recorder.record(auditRowOf(call, "intent", undefined));
  call.intent.then(
    () => {
      try {
        send();
      } catch (error) {
        const fields = { callId: call.id, tool: call.served.name, error: inspect(error) };
        call.gate.log.warn("a client could not be told what a tool said", fields);
      }
    },
    // A failed record is seen where the call ends; nothing was sent until then.
    () => undefined,
  );
}
