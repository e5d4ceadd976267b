import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers whoever does not show the token in this variable; false where they do. */
export function refusesStrangers(variable: string, request: IncomingMessage, response: ServerResponse): boolean {
  const token = process.env[variable] ?? "";
  if (token !== "" && request.headers.authorization === `Bearer ${token}`) return false;
  response.writeHead(401, { "www-authenticate": "Bearer" }).end();
  return true;
}

/** Listens on `PORT` of this machine, and says where. */
export async function listen(name: string, server: Server): Promise<void> {
  server.listen(Number(process.env["PORT"] ?? 0), "127.0.0.1");
  await once(server, "listening");
  console.log(`${name} at http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}
