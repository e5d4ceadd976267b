import type { CallLog } from "../../define/context.ts";

export const silentLog: CallLog = { debug() {}, info() {}, warn() {}, error() {} };
