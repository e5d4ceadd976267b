import { pino } from "pino";
import type { CallLog } from "../../define/context.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The gate's log: JSON lines on stderr, masked, whatever the transport; stdout belongs to the protocol. */
export function createLog(mask: (fields: Fields) => Fields): CallLog {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, level: process.env["CALLGATE_LOG"] ?? "info" },
    pino.destination({ fd: 2, sync: true }),
  );
  return logBy((level, message, fields) => {
    if (logger.isLevelEnabled(level)) logger[level](mask(fields), message);
  });
}

/** The same log, with its fields changed before they are written. */
export function logThrough(log: CallLog, change: (fields: Fields) => Fields): CallLog {
  return logBy((level, message, fields) => log[level](message, change(fields)));
}

function logBy(write: (level: keyof CallLog, message: string, fields: Fields) => void): CallLog {
  const at =
    (level: keyof CallLog) =>
    (message: string, fields: Fields = {}): void =>
      write(level, message, fields);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
