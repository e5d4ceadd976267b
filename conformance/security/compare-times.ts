import type { Gate } from "callgate";
import { createMemoryTransport } from "../../packages/callgate/src/transports/memory.ts";
import { modernMessage } from "../../packages/callgate/src/transports/testing/modern-request.ts";

/** One thing that a caller may try, however often. */
export type Attempt = () => Promise<unknown>;

/** Sends a request to a gate within this process, without a wire to add noise. */
export function asker(gate: Gate, key?: string): (method: string, params: object) => Promise<unknown> {
  const transport = createMemoryTransport({ host: gate.host, ...(key !== undefined && { key }) });
  return async (method, params) => {
    const answered = new Promise((resolve) => {
      // oxlint-disable-next-line prefer-add-event-listener -- a client transport of MCP is no EventTarget
      transport.onmessage = resolve;
    });
    await transport.send(modernMessage(method, { ...params }));
    return answered;
  };
}

/**
 * The chance that an attempt of the first kind takes longer than one of the second, by so many of both, in turns whose
 * order is drawn anew each time. It is near 0.5 where nothing can be told from time, whatever the machine.
 */
export async function shareSlower(first: Attempt, second: Attempt, pairs: number): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let pair = -pairs / 5; pair < pairs; pair += 1) {
    const order = Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const);
    for (const kind of order) {
      const from = process.hrtime.bigint();
      await (kind === 0 ? first : second)();
      const took = Number(process.hrtime.bigint() - from);
      // The first ones warm up.
      if (pair >= 0) times[kind].push(took);
    }
  }
  return shareAbove(...times);
}

/** Mann and Whitney's U as a share: of all pairs of one time each, those where the first is the longer one. */
function shareAbove(first: readonly number[], second: readonly number[]): number {
  const below = second.toSorted((a, b) => a - b);
  const sum = first.reduce((all, time) => all + (countBelow(below, time) + countBelow(below, time + 1)) / 2, 0);
  return sum / (first.length * second.length);
}

/** How many of sorted whole numbers are below a limit. */
function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
