import { fileURLToPath } from "node:url";
import { connectStdio } from "../../packages/callgate/src/upstream/connect-stdio.ts";
import type { UpstreamConnection } from "../../packages/callgate/src/upstream/connection.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { MARK } from "./footprint.ts";
import { ANSWERED_MS, callOnce, STALLED_MS, type Trial } from "./trial.ts";

const lasting = fileURLToPath(new URL("odd-child.ts", import.meta.url));
const quick = fileURLToPath(new URL("odd-child.sh", import.meta.url));

/**
 * Children that misbehave. Those that live on are one for all calls; of those that end each call has its own, which would
 * be started later each time else.
 */
export const childTrials: readonly Trial[] = [
  oneForAll("talks on stdout", "answered"),
  oneForAll("answers twice", "answered"),
  oneForAll("floods stderr", "answered"),
  oneForAll("says nothing", "upstream_timeout"),
  oneForAll("says broken JSON", "upstream_timeout"),
  oneForAll("answers another call", "upstream_timeout"),
  oneForEach("ends at once", "upstream_unreachable!"),
  oneForEach("ends within the call", "upstream_unreachable"),
  oneForEach("says too much", "upstream_unreachable"),
  oneForEach("leaves one of its own behind", "answered"),
  oneForEach("is not there", "upstream_unreachable!", "/nowhere/server"),
];

function oneForAll(way: string, told: string): Trial {
  const withinMs = told === "upstream_timeout" ? STALLED_MS : ANSWERED_MS;
  return {
    name: `a child that ${way}`,
    told,
    start: async () => {
      const connection = connect(process.execPath, lasting, way);
      await connection.health(AbortSignal.timeout(ANSWERED_MS));
      return {
        sideBySide: 50,
        call: () => callOnce(connection, withinMs),
        end: () => connection.close().then(() => 0),
      };
    },
  };
}

function oneForEach(way: string, told: string, command = "/bin/sh"): Trial {
  return {
    name: `a child that ${way}`,
    told,
    start: async () => ({
      sideBySide: 8,
      call: async () => {
        const connection = connect(command, quick, way);
        try {
          return await callOnce(connection, ANSWERED_MS);
        } finally {
          await connection.close();
        }
      },
      end: async () => 0,
    }),
  };
}

function connect(command: string, script: string, way: string): UpstreamConnection {
  const args = [script, way];
  return connectStdio({ name: "odd", command, args, env: { [MARK]: "yes" }, log: silentLog, maxMessageBytes: 1 << 20 });
}
