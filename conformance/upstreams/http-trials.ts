import { connectHttp } from "../../packages/callgate/src/upstream/connect-http.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { type HttpFault, httpFaults } from "./http-faults.ts";
import { startRawServer } from "./raw-server.ts";
import { ANSWERED_MS, callOnce, STALLED_MS, type Trial, untilNone } from "./trial.ts";

/** Servers over HTTP that answer calls in every wrong way: all calls go over one connection of the gate's kind. */
export const httpTrials: readonly Trial[] = httpFaults.map(toTrial);

function toTrial({ name, misbehave, told, nothingDone }: HttpFault): Trial {
  const withinMs = told === "upstream_timeout" ? STALLED_MS : ANSWERED_MS;
  return {
    name,
    told: nothingDone === true ? `${told}!` : told,
    start: async () => {
      const server = await startRawServer(misbehave);
      const connection = connectHttp({ name: "crm", url: server.url, log: silentLog, maxMessageBytes: 1 << 20 });
      return {
        sideBySide: withinMs === STALLED_MS ? 32 : 25,
        call: () => callOnce(connection, withinMs),
        end: async () => {
          await connection.close();
          const left = await untilNone(() => server.open);
          await server.close();
          return left;
        },
      };
    },
  };
}
