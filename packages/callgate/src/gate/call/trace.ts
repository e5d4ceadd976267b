import type { CallTrace } from "../../define/context.ts";
import { randomHex } from "./ids.ts";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const NO_TRACE = "0".repeat(32);

/** Goes on with the caller's trace (W3C Trace Context, level 1), or starts one. */
export function traceOf(traceparent: string | undefined): CallTrace {
  const parent = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  const given = parent?.[1];
  const traceId = given === undefined || given === NO_TRACE ? randomHex(16) : given;
  const spanId = randomHex(8);
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}
