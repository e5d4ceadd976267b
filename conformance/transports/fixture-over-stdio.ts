import { serveStdio } from "callgate";
import { openFixture } from "../src/fixture/start-fixture.ts";

// Run as a child process: the fixture for the one client at the other end of its pipes.
const { gate, remove } = await openFixture();
const code = await serveStdio(gate).ended;
await remove();
process.exit(code);
