import { Agent, request as send } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { PreparedRequest } from "../tool-call.ts";
import { numberPlaceholder } from "../tool-call.ts";

export interface SteadyLoad {
  readonly request: PreparedRequest;
  /** Pieces of text that every answer must hold. */
  readonly markers: readonly string[];
  readonly firstNumber: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
}

/** Latency of calls that come at a steady rate, each sent in its time whether the ones before are answered or not. */
export interface SteadyResult {
  readonly calls: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** Throws if a single answer was wrong. */
export async function steadyLoad(load: SteadyLoad): Promise<SteadyResult> {
  const agent = new Agent({ keepAlive: true });
  const pieces = load.request.body.split(String(numberPlaceholder));
  const total = load.callsPerSecond * load.seconds;
  const answers: Promise<number>[] = [];
  const start = performance.now();
  while (answers.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) / 1_000) * load.callsPerSecond));
    while (answers.length < due) {
      const call = callOnce(load, agent, pieces.join(String(load.firstNumber + answers.length)));
      // It is awaited with the others.
      call.catch(() => undefined);
      answers.push(call);
    }
    await delay(1);
  }
  const micros = (await Promise.all(answers).finally(() => agent.destroy())).toSorted((one, other) => one - other);
  return { calls: total, p50Micros: percentile(micros, 0.5), p99Micros: percentile(micros, 0.99) };
}

/** The value below which this share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError("There is no percentile of nothing.");
  return value;
}

/** Microseconds from the first byte sent to the last one received. */
function callOnce({ request, markers }: SteadyLoad, agent: Agent, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const headers = { ...request.headers, "content-length": Buffer.byteLength(body) };
    const sent = send(request.url, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("error", reject);
      response.once("end", () => {
        const micros = (performance.now() - start) * 1_000;
        const isRight = response.statusCode === 200 && markers.every((marker) => text.includes(marker));
        if (isRight) resolve(micros);
        else reject(new Error(`a wrong answer: ${response.statusCode} ${text.slice(0, 500)}`));
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
