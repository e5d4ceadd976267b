import { pino } from "pino";
import type { Masker } from "../../audit/mask.ts";
import type { CallLog } from "../../define/context.ts";
import { DefinitionError } from "../../define/definition-error.ts";

type Fields = Readonly<Record<string, unknown>>;

const LEVELS = ["debug", "info", "warn", "error", "fatal"];

/** The gate's log: JSON lines on stderr, masked, whatever the transport; stdout belongs to the protocol. */
export function createLog(masker: Masker): CallLog {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, level: levelOf(process.env["CALLGATE_LOG"]) },
    pino.destination({ fd: 2, sync: true }),
  );
  return logBy((level, message, fields) => {
    if (logger.isLevelEnabled(level)) logger[level](maskFields(masker, fields), masker.text(message));
  });
}

/** An empty variable is one that nobody has set, as files for containers have it. */
function levelOf(said = ""): string {
  if (said === "" || LEVELS.includes(said)) return said || "info";
  const cure = `It may be ${LEVELS.join(", ")}.`;
  throw new DefinitionError({ setting: "CALLGATE_LOG" }, `the variable is ${JSON.stringify(said)}.`, cure);
}

/** The same log, with whatever is said to it masked: its words as well as its fields. */
export function maskLog(log: CallLog, masker: Masker): CallLog {
  return logBy((level, message, fields) => log[level](masker.text(message), maskFields(masker, fields)));
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

const ID = /^(?:call_|write_)?[0-9a-f]{32}$/;

/** By these an answer leads to its lines: they stay whole, though their digits may look like the number of a card. */
function maskFields(masker: Masker, fields: Fields): Fields {
  const { callId, traceId, writeId } = fields;
  const ids = Object.entries({ callId, traceId, writeId }).filter(([, id]) => typeof id === "string" && ID.test(id));
  return { ...(masker.value(fields) as Fields), ...Object.fromEntries(ids) };
}
