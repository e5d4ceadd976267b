import { PostgresServer } from "../testing/postgres-server.ts";

/** Starts a server, says where it is, and holds it until it is killed. */
const server = await PostgresServer.start({ fsync: false });
const [row] = await server.query("SHOW data_directory");
process.stdout.write(`${JSON.stringify({ pid: server.pid, folder: row?.["data_directory"] })}\n`);
setInterval(() => undefined, 60_000);
