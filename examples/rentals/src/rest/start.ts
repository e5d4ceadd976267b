import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { openRentals } from "../tools/rentals-backend.ts";
import { createRestServer } from "./server.ts";

const writer = await openRentals("write");
const reader = await openRentals("read");
const server = createRestServer({ reader, writer, onFailure: (error) => console.error(error) });

server.listen(Number(process.env["PORT"] ?? 7500), process.env["HOST"] ?? "127.0.0.1");
await once(server, "listening");
// A server that listens on a port has an address with one.
const { address, port } = server.address() as AddressInfo;
console.log(`The rental business as REST: http://${address}:${port}/properties?city=Lisbon&limit=3`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => void Promise.all([reader.close(), writer.close()]));
    server.closeIdleConnections();
  });
}
