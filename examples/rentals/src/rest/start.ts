import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openBusiness } from "../business/open-business.ts";
import { createRestServer } from "./server.ts";

const path = process.env["RENTALS_DB"] ?? fileURLToPath(new URL("../../.data/rentals.db", import.meta.url));
mkdirSync(dirname(path), { recursive: true });

const writer = openBusiness({ path, access: "write" });
const reader = openBusiness({ path, access: "read" });
const server = createRestServer({ reader, writer, onFailure: (error) => console.error(error) });

server.listen(Number(process.env["PORT"] ?? 7500), process.env["HOST"] ?? "127.0.0.1");
await once(server, "listening");
// A server that listens on a port has an address with one.
const { address, port } = server.address() as AddressInfo;
console.log(`The rental business as REST: http://${address}:${port}/properties?city=Lisbon&limit=3`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => {
      reader.close();
      writer.close();
    });
    server.closeIdleConnections();
  });
}
