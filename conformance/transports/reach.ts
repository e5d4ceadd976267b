import { fileURLToPath } from "node:url";
import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { bridge2025, createMemoryTransport } from "callgate";
import { openFixture, startFixture } from "../src/fixture/start-fixture.ts";

/** One way to the fixture: each connection is a client of its own. */
export interface Reach {
  connect(): Transport;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL("fixture-over-stdio.ts", import.meta.url));

/** Every way there is, by its name. */
export const reaches: Readonly<Record<"memory" | "http" | "stdio", () => Promise<Reach>>> = {
  memory: async () => {
    const { gate, remove } = await openFixture();
    const legacy = bridge2025(gate);
    return {
      connect: () => createMemoryTransport({ host: gate.host, legacy }),
      close: async () => {
        await gate.close();
        await remove();
      },
    };
  },
  http: async () => {
    const fixture = await startFixture(0);
    return {
      connect: () => new StreamableHTTPClientTransport(new URL(fixture.url)),
      close: () => fixture.close(),
    };
  },
  stdio: () =>
    Promise.resolve({
      connect: () => new StdioClientTransport({ command: process.execPath, args: [script], stderr: "ignore" }),
      // Each gate ends with its client.
      close: () => Promise.resolve(),
    }),
};
