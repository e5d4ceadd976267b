import { setTimeout } from "node:timers/promises";
import { ManyServers } from "../../../packages/callgate/src/upstream/testing/many-servers.ts";
import type { Goal } from "../goals.ts";
import { measureSteady } from "../load/steady.ts";
import type { SteadyResult } from "../load/steady-load.ts";
import type { Cores } from "../machine.ts";
import { toMarkdownTable } from "../markdown-table.ts";
import { ServerProcess } from "../server-process.ts";
import type { PreparedRequest } from "../tool-call.ts";
import { listMarkers, MANY, manyTarget, toCallOf, toListRequest } from "./many-target.ts";
import { placeVariables } from "./upstream-place.ts";

const LISTS_PER_SECOND = 20;
const CALLS_PER_SECOND = 200;
const HANGING = 16;
const PAUSE_MS = 100;
const STALLED = MANY.servers - 1;

/** What lists and calls take: while every server answers, and while one of them is stalled and called. */
export interface ManyResult {
  readonly when: string;
  readonly list: SteadyResult;
  readonly call: SteadyResult;
}

export async function measureMany(seconds: number, cores: Cores): Promise<readonly ManyResult[]> {
  const many = await ManyServers.start(MANY.servers, { tools: MANY.tools });
  const variables = placeVariables({ url: many.url(0), core: cores.behind });
  let server: ServerProcess | undefined;
  try {
    server = await ServerProcess.start(manyTarget, { core: cores.server, variables });
    const measure = measureBoth(server, seconds, cores);
    await measure("warming up");
    const before = await measure("all answer");
    many.stall(STALLED);
    const stop = new AbortController();
    const calls = hang(toCallOf(server.request, many.toolOf(STALLED, 0)), stop.signal);
    const stalled = await measure("one is stalled, and called");
    stop.abort();
    await calls;
    return [before, stalled];
  } finally {
    await server?.stop();
    await many.close();
  }
}

function measureBoth(server: ServerProcess, seconds: number, { load }: Cores): (when: string) => Promise<ManyResult> {
  return async (when) => ({
    when,
    list: await measureSteady(
      {
        request: toListRequest(server.request),
        markers: listMarkers,
        firstNumber: server.takeNumbers(),
        callsPerSecond: LISTS_PER_SECOND,
        seconds,
      },
      load,
    ),
    call: await measureSteady(
      {
        request: server.request,
        markers: manyTarget.call.markers,
        firstNumber: server.takeNumbers(),
        callsPerSecond: CALLS_PER_SECOND,
        seconds,
      },
      load,
    ),
  });
}

/**
 * Calls the same thing from several sides until told to stop. Each waits a little after an answer: once the breaker is open
 * refusals come at once, and whoever asks without a pause measures how many of them a gate can give.
 */
async function hang({ url, headers, body }: PreparedRequest, stopped: AbortSignal): Promise<void> {
  const call = async (): Promise<void> => {
    while (!stopped.aborted) {
      const answer = await fetch(url, { method: "POST", headers, body, signal: stopped });
      await answer.arrayBuffer();
      await setTimeout(PAUSE_MS, undefined, { signal: stopped });
    }
  };
  await Promise.allSettled(Array.from({ length: HANGING }, call));
}

export function toManyTable(results: readonly ManyResult[]): string {
  const ms = (micros: number): string => (micros / 1_000).toFixed(2);
  return toMarkdownTable(
    [`${MANY.servers} servers`, "list p50 ms", "list p99 ms", "call p50 ms", "call p99 ms"],
    results.map(({ when, list, call }) => [
      when,
      ...[list.p50Micros, list.p99Micros, call.p50Micros, call.p99Micros].map(ms),
    ]),
  );
}

const MOST_LIST_MICROS = 5_000;

export function judgeMany(results: readonly ManyResult[]): readonly Goal[] {
  return results.map(({ when, list }) => ({
    what: `list of ${MANY.servers * MANY.tools} tools, ms at p50, ${when}`,
    wanted: `< ${MOST_LIST_MICROS / 1_000}`,
    reached: (list.p50Micros / 1_000).toFixed(2),
    isMet: list.p50Micros < MOST_LIST_MICROS,
  }));
}
