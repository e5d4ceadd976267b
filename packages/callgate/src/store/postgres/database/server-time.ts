import type { RunStatement } from "./connections.ts";

/**
 * The time, in milliseconds since the epoch, by which what all replicas share may be removed: this replica's, or the
 * server's where that is earlier. One machine whose clock has jumped ahead removes nothing before its time.
 */
export async function timeToRemove(run: RunStatement, now: number): Promise<number> {
  const text = "SELECT least($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)";
  const [[time] = []] = await run({ name: "time-to-remove", text, values: [Math.floor(now)] });
  return Number(time);
}
