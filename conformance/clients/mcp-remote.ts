import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ClientUnderTest } from "./client-under-test.ts";
import { connectOverStdio } from "./official-client.ts";
import type { HttpPlace, StdioPlace } from "./start-rentals.ts";

const require = createRequire(import.meta.url);
const manifest = require.resolve("mcp-remote/package.json");
const { bin } = require(manifest) as { bin: { "mcp-remote": string } };

/** A stdio client before `mcp-remote`, which is before the gate: how desktop applications reach a server elsewhere. */
export function connectThroughRemote({ url, key }: HttpPlace, { env, cwd }: StdioPlace): Promise<ClientUnderTest> {
  const script = join(dirname(manifest), bin["mcp-remote"]);
  const header = `Authorization: Bearer ${key}`;
  const args = [script, url, "--header", header, "--transport", "http-only"];
  // It keeps what it learns of servers in a folder of its own, which otherwise is the user's.
  const place = { command: process.execPath, args, env: { ...env, MCP_REMOTE_CONFIG_DIR: cwd }, cwd };
  return connectOverStdio(place, "legacy");
}
