import type { Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { connectHttp } from "../../packages/callgate/src/upstream/connect-http.ts";
import { silentLog } from "../../packages/callgate/src/upstream/testing/silent-log.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { json, type RawRequest, type RawServer, rpc, startRawServer, startSocketServer } from "./raw-server.ts";
import { ANSWERED_MS, callOnce, STALLED_MS, type Trial, untilNone } from "./trial.ts";

const authority = makeCertificate({ names: ["authority.test"] });

/** Who signs the certificates of these tests is taken by this process, like those that all the world takes. */
export function trustTests(): void {
  setDefaultCACertificates([...getCACertificates("default"), authority.cert]);
}

const here = ["127.0.0.1", "localhost"];
const answer = ({ reply, id }: RawRequest): void =>
  reply("200 OK", json, rpc(id, { content: [{ type: "text", text: "good" }] }));
const withCertificate = (certificate: Certificate): Promise<RawServer> => startRawServer(answer, { tls: certificate });
/** It is asked for TLS and knows only sockets. */
const withoutTls = (take: (socket: Socket) => void): Promise<RawServer> => startSocketServer(take, "https:");

/**
 * Servers that no call gets to, each of which has a connection of its own: one that cannot be reached is left alone for
 * a while, and all calls of that while would share one try. `trustTests` has to be called before.
 */
export const unreachedTrials: readonly Trial[] = [
  toTrial("nothing listens", async () => {
    const server = await startRawServer(answer);
    await server.close();
    return server;
  }),
  toTrial("a certificate that nobody has signed but itself", () => withCertificate(makeCertificate({ names: here }))),
  toTrial("a certificate of another host", () =>
    withCertificate(makeCertificate({ names: ["elsewhere.test"], issuer: authority })),
  ),
  toTrial("a certificate that has expired", () =>
    withCertificate(makeCertificate({ names: here, days: -1, issuer: authority })),
  ),
  toTrial("no TLS where it is spoken", () => withoutTls((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))),
  toTrial("an end within the TLS handshake", () => withoutTls((socket) => socket.once("data", () => socket.destroy()))),
  toTrial("a TLS handshake that stalls", () => withoutTls(() => {})),
  toTrial("a TLS handshake that stalls after its first letter", () =>
    withoutTls((socket) => socket.write(Buffer.from([0x16]))),
  ),
  {
    ...toTrial("a certificate that is right", () =>
      withCertificate(makeCertificate({ names: here, issuer: authority })),
    ),
    told: "answered",
  },
];

function toTrial(name: string, startServer: () => Promise<RawServer>): Trial {
  const stalls = name.includes("stalls");
  return {
    name,
    told: "upstream_unreachable!",
    start: async () => {
      const server = await startServer();
      return {
        sideBySide: stalls ? 100 : 10,
        call: () => callAlone(server.url, stalls ? STALLED_MS : ANSWERED_MS),
        end: async () => {
          const left = await untilNone(() => server.open);
          await server.close();
          return left;
        },
      };
    },
  };
}

async function callAlone(url: string, connectTimeoutMs: number): Promise<string> {
  const connection = connectHttp({ name: "crm", url, log: silentLog, connectTimeoutMs });
  try {
    return await callOnce(connection, ANSWERED_MS);
  } finally {
    await connection.close();
  }
}
