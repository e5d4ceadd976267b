import { pino } from "pino";
import type { CallLog } from "../define/context.ts";

/** The gate's log: JSON lines on stderr, masked, whatever the transport; stdout belongs to the protocol. */
export function createLog(mask: (fields: Readonly<Record<string, unknown>>) => unknown): CallLog {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, level: process.env["CALLGATE_LOG"] ?? "info" },
    pino.destination({ fd: 2, sync: true }),
  );
  const at =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (logger.isLevelEnabled(level)) logger[level](mask(fields) as object, message);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
