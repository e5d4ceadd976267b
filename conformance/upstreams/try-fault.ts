import { toCallError } from "../../packages/callgate/src/upstream/call-errors.ts";
import { connectHttp } from "../../packages/callgate/src/upstream/connect-http.ts";
import type { UpstreamConnection } from "../../packages/callgate/src/upstream/connection.ts";
import { requestOptions } from "../../packages/callgate/src/upstream/testing/request-options.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { UpstreamError } from "../../packages/callgate/src/upstream/upstream-error.ts";
import type { HttpFault } from "./http-faults.ts";
import { startRawServer } from "./raw-server.ts";

/** Of calls whose server stalls. */
const STALLED_MS = 100;
const SIDE_BY_SIDE = 25;

export interface Tried {
  /** How often each answer came: a code, with `!` where nothing was done for certain; or `answered`. */
  readonly told: Readonly<Record<string, number>>;
  /** The longest that a call took. */
  readonly slowestMs: number;
  /** Connections that the server still had open when ours was closed. */
  readonly left: number;
}

/** Makes so many calls, some side by side, to a server that misbehaves. */
export async function tryFault({ misbehave, told: expected }: HttpFault, calls: number): Promise<Tried> {
  const server = await startRawServer(misbehave);
  const connection = connectHttp({ name: "crm", url: server.url, log: silentLog, maxMessageBytes: 1 << 20 });
  const told: Record<string, number> = {};
  let slowestMs = 0;
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const begun = performance.now();
      const answer = await callOnce(connection, expected === "upstream_timeout" ? STALLED_MS : 30_000);
      slowestMs = Math.max(slowestMs, performance.now() - begun);
      told[answer] = (told[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, calls) }, worker));
  await connection.close();
  await untilGone(() => server.open);
  const tried = { told, slowestMs, left: server.open };
  await server.close();
  return tried;
}

/** What one call is told. */
export async function callOnce(connection: UpstreamConnection, withinMs: number): Promise<string> {
  const options = requestOptions({ signal: AbortSignal.timeout(withinMs) });
  try {
    const { kind } = await connection.request("tools/call", { name: "do", arguments: {} }, options);
    return kind === "result" ? "answered" : kind;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { code, nothingDone } = toCallError(error);
    return nothingDone ? `${code}!` : code;
  }
}

async function untilGone(open: () => number): Promise<void> {
  const until = performance.now() + 10_000;
  while (open() > 0 && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
}
