import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The outside world: counts what was done, by the key under which it was. */
export interface Effects {
  readonly url: string;
  readonly counts: ReadonlyMap<string, number>;
  end(): Promise<void>;
}

export async function startEffects(): Promise<Effects> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const key = Buffer.concat(chunks).toString();
      counts.set(key, (counts.get(key) ?? 0) + 1);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
